// Keys of the list of hints: J and K move, Y and N decide, U undoes.
/** @type {HTMLElement[]} */
const cards = [...document.querySelectorAll("[data-hint]")];

/** The card with the focus, else that which the address names, else the first. */
function current() {
  const focused = document.activeElement?.closest("[data-hint]");
  return cards.find((card) => card === focused) ?? cards.find((card) => `#${card.id}` === location.hash) ?? cards[0];
}

document.addEventListener("keydown", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || target.closest("input, select, textarea, dialog")) return;
  const key = event.key.toLowerCase();
  const card = current();
  if (!card) return;
  if (key === "j" || key === "k") {
    const moved = document.activeElement === card || card.contains(document.activeElement);
    const next = cards[cards.indexOf(card) + (moved ? (key === "j" ? 1 : -1) : 0)] ?? card;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  } else if (["y", "n", "u"].includes(key)) {
    /** @type {HTMLButtonElement | null} */
    const button = card.querySelector(`[data-key="${key}"]`);
    button?.click();
  } else return;
  event.preventDefault();
});

if (location.hash) current()?.focus();
