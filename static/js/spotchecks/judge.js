// The checker's keys: 1 to 5 change the answer of an item, T says no to the rest, Enter saves, X: can't be judged, U undoes.
/** @type {HTMLFormElement} */
const form = document.querySelector("[data-judge]");
/** @type {HTMLVideoElement} */
const film = document.querySelector("[data-film]");
const items = [...form.querySelectorAll("[data-item]")];
/** @type {HTMLElement} */
const missing = form.querySelector("[data-missing]");
/** @type {HTMLButtonElement} */
const send = form.querySelector("[data-send]");
let sending = false;

/** @type {(item: Element) => HTMLInputElement[]} */
const choices = (item) => [...item.querySelectorAll("input")];
/** @type {(item: Element) => number} */
const chosen = (item) => choices(item).findIndex((choice) => choice.checked);
const unanswered = () => items.filter((item) => chosen(item) < 0);

/** Chooses the next answer of an item: yes, no, unsure, and yes again. @param {Element} item */
function advance(item) {
  const all = choices(item);
  all[(chosen(item) + 1) % all.length].checked = true;
  missing.hidden = true;
}

function sayNoToTheRest() {
  for (const item of unanswered()) choices(item).find(({ value }) => value === "no").checked = true;
  missing.hidden = true;
}

function playOrPause() {
  if (film.paused) film.play();
  else film.pause();
}

form.querySelector("[data-rest]").addEventListener("click", () => { sayNoToTheRest(); send.focus(); });
form.addEventListener("change", () => { missing.hidden = true; });
form.addEventListener("submit", (event) => {
  const usable = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value !== "no";
  const gap = usable ? unanswered()[0] : undefined;
  if (sending || gap) event.preventDefault();
  missing.hidden = !gap;
  if (gap) choices(gap)[0].focus();
  else sending = true;
});
addEventListener("pageshow", () => { sending = false; }); // also when the browser brings the page back

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = /** @type {Element} */ (event.target), key = event.key.toLowerCase();
  const item = items[Number(key) - 1];
  if (item) advance(item);
  else if (key === "t") sayNoToTheRest();
  else if (key === "x") /** @type {HTMLElement} */ (form.querySelector("[data-unusable]")).click();
  else if (key === "u") /** @type {HTMLFormElement | null} */ (document.querySelector("[data-undo]"))?.requestSubmit();
  else if (key === "enter" && !target.closest("a, button, summary")) send.click();
  else if (key === " " && !target.closest("a, button, summary, input, video")) playOrPause();
  else return;
  event.preventDefault();
});
