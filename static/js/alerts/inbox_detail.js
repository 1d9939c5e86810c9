// The indication beside the list: the content of its page, with ?buka= in the address, so that Back and reload work.
import { followDecision } from "./decision.js";
import { rowOf, rows } from "./inbox_rows.js";
import { showToast } from "./inbox_toast.js";
import { followWhy } from "./why.js";

const inbox = document.getElementById("inbox");
const detail = document.getElementById("detail");
const shown = detail.querySelector("[data-shown]");
const nothing = detail.querySelector("[data-nothing]");
const allDone = detail.querySelector("[data-all-done]");
const title = document.title;
const wide = matchMedia("(min-width: 68.75rem)"); // as in inbox.css
let loading = new AbortController();
let shows = Promise.resolve();

/** Whether list and detail stand side by side. */
export const isSplit = () => wide.matches;

const wanted = () => new URLSearchParams(location.search).get("buka")?.match(/^\d+$/)?.[0] ?? "";

/** The row whose indication is open, or null. */
export const openRow = () => (wanted() ? rowOf(wanted()) : null);

/** The list is at /indikasi/ and the page of an indication at /indikasi/123/. */
const pageOf = (id) => new URL(`${id}/`, location.origin + location.pathname).href;

function setAddress(id, method) {
  const address = new URL(location.href);
  if (id) address.searchParams.set("buka", id);
  else address.searchParams.delete("buka");
  if (address.href !== location.href) history[method](null, "", address);
}

function markRow(id) {
  for (const row of rows()) {
    const link = row.querySelector("a");
    if (row.dataset.indication === id) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  rowOf(id)?.scrollIntoView({ block: "nearest" });
}

/** Returns when the indication of the address is shown. */
export async function settled() {
  for (let last = null; last !== shows;) {
    last = shows;
    await last;
  }
}

/** Shows the detail of the address, or that there is none. */
function show() {
  loading.abort();
  loading = new AbortController();
  shows = load(loading.signal);
  return shows;
}

/** @param {AbortSignal} signal */
async function load(signal) {
  const id = wanted();
  allDone.hidden = true;
  nothing.hidden = Boolean(id);
  markRow(id);
  if (!id) {
    empty();
    document.title = title;
    return;
  }
  const address = pageOf(id);
  detail.setAttribute("aria-busy", "true");
  shown.inert = true; // what is still shown must not be decided by mistake
  try {
    const answer = await fetch(address, { cache: "no-store", signal });
    if (answer.redirected) {
      location.assign(address); // signed out
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (signal.aborted) return;
    document.title = page.title;
    shown.replaceChildren(...page.getElementById("isi").childNodes);
    shown.hidden = shown.inert = false;
    const notes = shown.querySelector(":scope > .messages");
    if (notes) {
      showToast(notes.textContent.trim());
      notes.remove();
    }
    detail.scrollTop = 0;
    scrollBy(0, Math.max(0, detail.getBoundingClientRect().bottom - innerHeight)); // down to where it is seen whole
    followDecision(shown);
    followWhy(address);
  } catch {
    if (signal.aborted) return;
    empty();
    showToast(inbox.dataset.notShown, { failed: true });
  }
  detail.removeAttribute("aria-busy");
  detail.focus({ preventScroll: true });
}

function empty() {
  shown.hidden = true;
  shown.inert = false;
  shown.replaceChildren();
  detail.removeAttribute("aria-busy");
}

/** Opens a row's indication. replace: Back leads to the one before the present one. */
export function openDetail(row, { replace = false } = {}) {
  setAddress(row.dataset.indication, replace ? "replaceState" : "pushState");
  return show();
}

/** Closes the detail after the last decision of the list. */
export function closeWhenAllDone() {
  setAddress("", "replaceState");
  show();
  nothing.hidden = true;
  allDone.hidden = false;
  detail.focus({ preventScroll: true });
}

/** Loads the open indication again. */
export const reloadDetail = () => show();

if (wanted() && isSplit()) show();
else if (wanted()) location.replace(pageOf(wanted()));
addEventListener("popstate", () => { if (isSplit()) show(); });
wide.addEventListener("change", () => { if (isSplit() && wanted()) show(); });
