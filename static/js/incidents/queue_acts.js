// What an operator does about an item: the forms come into a dialog, and the queue stays where it is.
import { token } from "../core/sender.js";

/** @type {(name: string) => HTMLElement} */
const part = (name) => document.querySelector(`[data-${name}]`);
const dialog = /** @type {HTMLDialogElement} */ (part("dialog"));

/** @param {string} address @param {RequestInit} options */
const ask = (address, options = {}) =>
  fetch(address, { cache: "no-store", ...options, headers: { "HX-Request": "true", "X-CSRFToken": token() } }).catch(() => null);

/** Shows a problem above the rows, "" for none. @param {string} words */
export function showProblem(words) {
  const problem = part("problem");
  problem.textContent = words;
  problem.hidden = !words;
}

/** Shows what was done, from our own server's template. @param {string} html */
function show(html) {
  showProblem("");
  const done = part("done");
  done.innerHTML = html;
  done.hidden = false;
}

/** @param {Response | null} answer */
function refused(answer) {
  dialog.close();
  showProblem(answer?.status === 404 ? dialog.dataset.gone : dialog.dataset.failed);
}

/** Puts a form into the dialog. @param {Response} answer */
async function fill(answer) {
  dialog.innerHTML = await answer.text();
  if (!dialog.open) dialog.showModal();
  const wanted = [".has-error :is(input, select, textarea)", "[autofocus], input:checked", "input:not([type=hidden]), select, textarea"];
  const field = wanted.map((one) => dialog.querySelector(one)).find(Boolean);
  /** @type {HTMLElement | null} */ (field)?.focus();
}

/** Chooses by a digit what has that number. @param {KeyboardEvent} event */
function pick(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key) || target.closest("input:not([type=radio]), textarea")) return;
  const radio = /** @type {HTMLInputElement} */ (dialog.querySelectorAll(".numbered-choice input")[Number(event.key) - 1]);
  if (!radio) return;
  radio.focus();
  radio.checked = true;
  event.preventDefault();
}

/** Opens the form behind a link. @param {string} address */
async function open(address) {
  const answer = await ask(address);
  if (answer?.ok && !answer.redirected) await fill(answer);
  else refused(answer);
}

/** Sends the form of the dialog. @param {HTMLFormElement} form @param {HTMLElement | null} by @param {() => void} after */
async function send(form, by, after) {
  const answer = await ask(form.action, { method: "POST", body: new FormData(form, by) });
  if (answer?.status === 422) return fill(answer);
  if (!answer?.ok) return refused(answer);
  show(await answer.text());
  dialog.close();
  return after();
}

/** Listens to links that open a form, to the dialog, and to the calls that are recorded by one key.
 * @param {HTMLElement} holder @param {() => void} after is called when something was done */
export function listen(holder, after) {
  holder.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement} */ (event.target.closest("a[data-act]"));
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href);
  });
  dialog.addEventListener("keydown", pick);
  dialog.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    if ("cancel" in form.dataset) dialog.close();
    else send(form, event.submitter, after);
  });
  part("calls")?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const answer = await ask(form.action, { method: "POST", body: new FormData(form) });
    if (answer?.ok) show(await answer.text());
    else showProblem(dialog.dataset.failed);
  });
}
