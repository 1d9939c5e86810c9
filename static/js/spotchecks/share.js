// Shares the address: by the phone's share sheet where there is one, else by the clipboard.
for (const button of document.querySelectorAll("[data-share]")) {
  button.addEventListener("click", async () => {
    const { share: url, title, copied } = button.dataset;
    try {
      if (navigator.share) {
        await navigator.share({ title, url });
        return;
      }
      await navigator.clipboard.writeText(url);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return; // the sheet was closed
      const field = button.parentElement.querySelector("input");
      field.select();
      document.execCommand("copy"); // without TLS there is no clipboard
    }
    button.textContent = copied;
  });
}
