// The decision panel: the time left to undo a decision, and a check of a file's size before it is sent.

/**
 * Counts down to a moment, each second, as "(sisa 9.57)".
 * @param {Element} left where it is written
 * @param {string} word
 * @param {number} until Unix ms
 * @param {() => void} over called when it is reached
 * @returns {() => void} a function that stops it
 */
export function countDown(left, word, until, over) {
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    left.textContent = `(${word} ${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")})`;
    if (seconds > 0) return;
    clearInterval(timer);
    over();
  };
  const timer = setInterval(tick, 1000);
  tick();
  return () => clearInterval(timer);
}

/** Follows a panel that is or was put into the page. @param {ParentNode} root */
export function followDecision(root) {
  for (const left of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-until]"))) {
    countDown(left, left.dataset.left, Date.parse(left.dataset.until), () => left.closest("form").remove());
  }
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (root.querySelectorAll("form[data-explain]"))) checkSize(form);
}

/** @param {HTMLFormElement} form */
function checkSize(form) {
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
