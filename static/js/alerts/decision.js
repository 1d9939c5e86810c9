// The decision panel: the time left to undo a decision, and a check of a file's size before it is sent.

for (const left of document.querySelectorAll("[data-until]")) {
  const until = Date.parse(left.dataset.until);
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    left.textContent = `(${left.dataset.left} ${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")})`;
    if (seconds === 0) {
      left.closest("form").remove();
      clearInterval(timer);
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}

for (const form of document.querySelectorAll("form[data-explain]")) {
  /** @type {HTMLInputElement} */
  const file = form.querySelector("input[type=file]");
  const warning = form.querySelector("[data-too-large]");
  const tooLarge = () => Boolean(file.files[0] && file.files[0].size > Number(file.dataset.largest));
  file.addEventListener("change", () => { warning.hidden = !tooLarge(); });
  form.addEventListener("submit", (event) => {
    if (!tooLarge()) return;
    event.preventDefault();
    warning.hidden = false;
    file.focus();
  });
}
