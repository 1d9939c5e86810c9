// <button data-copy="id of a field" data-copied="words" hidden>: copies the field; where that fails it is selected.

for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.copy ?? ""));
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // Without https there is no clipboard, only the old command.
      if (!document.execCommand("copy")) return;
    }
    button.textContent = button.dataset.copied ?? "";
  });
}
