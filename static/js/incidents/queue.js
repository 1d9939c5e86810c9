// The queue: its rows are asked for again when the socket says that they have changed, and every REFRESH_MS.
import { openReconnecting } from "../core/reconnecting.js";
import { token } from "../core/sender.js";
import { listen, tell } from "./queue_acts.js";

const REFRESH_MS = 20_000, TOGETHER_MS = 300;
/** @type {HTMLElement} */
const holder = document.querySelector("[data-queue]");
/** @type {(name: string) => HTMLElement} */
const part = (name) => document.querySelector(`[data-${name}]`);
let chosen = "", wanted = 0, asking = false;

const rows = () => /** @type {HTMLElement[]} */ ([...holder.querySelectorAll("[data-item]")]);

/** Shows the rows of now. Several wishes at once are one request. */
async function refresh() {
  clearTimeout(wanted);
  wanted = 0;
  if (asking) return later();
  asking = true;
  try {
    const answer = await fetch(holder.dataset.rows, { headers: { "HX-Request": "true" }, cache: "no-store" });
    if (answer.redirected || answer.status === 403) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const focused = document.activeElement?.closest("[data-item]") !== null;
    holder.innerHTML = await answer.text(); // our own server's template
    part("stale").hidden = true;
    if (focused) choose(chosen);
  } catch {
    part("stale").hidden = false;
  } finally {
    asking = false;
  }
}

function later() {
  wanted ||= setTimeout(refresh, TOGETHER_MS);
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

/** @param {HTMLFormElement} form */
async function take(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true", "X-CSRFToken": token() } })
    .catch(() => null);
  tell(answer?.status === 409 ? await answer.text() : "");
  await refresh();
}

holder.addEventListener("submit", (event) => {
  event.preventDefault();
  take(/** @type {HTMLFormElement} */ (event.target));
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
  onMessage() {
    connection.working();
    later();
  },
  onLost: () => { part("stale").hidden = false; },
  onRefused: () => location.reload(),
}, { silentMs: 120_000 }); // nothing may change for long; the rows are asked for again all the same
setInterval(later, REFRESH_MS);
