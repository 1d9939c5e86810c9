// The queue: the socket brings its rows whenever they have changed.
import { openReconnecting } from "../core/reconnecting.js";
import { token } from "../core/sender.js";
import { listen, showProblem } from "./queue_acts.js";

/** @type {HTMLElement} */
const holder = document.querySelector("[data-queue]");
/** @type {(name: string) => HTMLElement} */
const part = (name) => document.querySelector(`[data-${name}]`);
let chosen = "";

const rows = () => /** @type {HTMLElement[]} */ ([...holder.querySelectorAll("[data-item]")]);

/** Asks for the rows of now, after an act of this page. */
async function refresh() {
  try {
    const answer = await fetch(holder.dataset.rows, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.redirected || answer.status === 403) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    fill(await answer.text());
  } catch {
    part("stale").hidden = false;
  }
}

/** Shows rows, from our own server's template. @param {string} html */
function fill(html) {
  const focused = holder.contains(document.activeElement);
  holder.innerHTML = html;
  for (const button of /** @type {NodeListOf<HTMLElement>} */ (holder.querySelectorAll("[data-owner]")))
    button.hidden = button.dataset.owner !== holder.dataset.own;
  part("stale").hidden = true;
  if (focused) choose(chosen);
}

/** Moves the focus to the item of this key. @param {string} key */
function choose(key) {
  const row = rows().find(({ dataset }) => dataset.item === key);
  if (!row) return;
  chosen = key;
  row.focus();
}

/** @param {number} by */
function move(by) {
  const all = rows(), at = all.findIndex(({ dataset }) => dataset.item === chosen);
  const next = all[Math.max(0, Math.min(all.length - 1, at + by))];
  if (next) choose(next.dataset.item);
}

/** Takes an item, or gives it back. @param {HTMLFormElement} form @param {HTMLElement | null} by */
async function take(form, by) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form, by), headers: { "HX-Request": "true", "X-CSRFToken": token() } })
    .catch(() => null);
  showProblem(answer?.status === 409 ? await answer.text() : "");
  await refresh();
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("[data-take]")))
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(form, event.submitter);
  });
holder.addEventListener("focusin", ({ target }) => {
  chosen = /** @type {HTMLElement} */ (target).closest("[data-item]")?.getAttribute("data-item") ?? chosen;
});
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
  const row = rows().find(({ dataset }) => dataset.item === chosen);
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "Enter" && row === document.activeElement) row.querySelector("a").click();
  else if (/^[a-z]$/.test(event.key)) press(event.key, row);
});

/** Presses the button of the chosen row, or above the rows, that has this key. @param {string} key @param {HTMLElement | undefined} row */
function press(key, row) {
  const button = `[data-key="${key}"]`;
  /** @type {HTMLElement | null} */ (row?.querySelector(button) ?? document.querySelector(`[data-calls] ${button}`))?.click();
}

/** Shows the rows after something was done, and goes on with the row that is where the last one was. */
async function goOn() {
  const at = rows().findIndex(({ dataset }) => dataset.item === chosen);
  await refresh();
  const all = rows();
  const next = all.find(({ dataset }) => dataset.item === chosen) ?? all[Math.min(Math.max(at, 0), all.length - 1)];
  if (next) choose(next.dataset.item);
}
listen(holder, goOn);

const connection = openReconnecting(holder.dataset.socket, {
  onMessage({ type, html }) {
    connection.working();
    if (type === "rows") fill(html);
  },
  onLost: () => { part("stale").hidden = false; },
  onRefused: () => location.reload(),
});
