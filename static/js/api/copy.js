// Buttons that copy the value of a field: data-copy is the field's id.
for (const button of document.querySelectorAll("[data-copy]")) {
  /** @type {HTMLInputElement} */
  const field = document.getElementById(button.dataset.copy);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      field.select();
      document.execCommand("copy"); // without TLS there is no clipboard
    }
    button.textContent = button.dataset.copied;
  });
}
