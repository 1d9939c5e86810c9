// The list of indications on a desk: each opens beside it, is decided by keyboard, and several are excused together.
// On a phone rows are links to pages, and the form for several works as it does without scripts.
import { closeWhenAllDone, isSplit, openDetail, openRow, reloadDetail, settled } from "./inbox_detail.js";
import { markDecided, markUndone, neighbour, nextWaiting, rowOf, writeWaiting } from "./inbox_rows.js";
import { showToast, takeBackLast } from "./inbox_toast.js";

const inbox = document.getElementById("inbox");
const detail = document.getElementById("detail");
/** @type {HTMLDialogElement} */
const keys = /** @type {any} */ (document.getElementById("keys"));
/** @type {HTMLFormElement | null} */
const together = /** @type {any} */ (document.getElementById("excuse-chosen"));
let sending = false;

/**
 * Sends a form's data; returns the answer of decisions/views.py, or null after telling why there is none.
 * @param {string} address
 * @param {FormData} data
 */
async function send(address, data) {
  if (sending) return null;
  sending = true;
  try {
    const answer = await fetch(address, { method: "POST", body: data, headers: { Accept: "application/json" } });
    const result = await answer.json();
    writeWaiting(result.waiting);
    if (answer.ok) return result;
    showToast(result.message, { failed: true });
    if (openRow() && answer.status === 409) reloadDetail(); // somebody else was faster: show what they did
  } catch {
    showToast(inbox.dataset.failed, { failed: true });
  } finally {
    sending = false;
  }
  return null;
}

/** @param {FormData} data */
const tokenOf = (data) => String(data.get("csrfmiddlewaretoken"));

/** Undoes decisions one by one, as each has its own history; shows the only one again. */
async function takeBack(done, token) {
  let message = "";
  for (const one of done) {
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token);
    data.set("act", "undone");
    data.set("last_seen", one.line);
    const result = await send(one.address, data);
    if (!result) return;
    message = result.message;
    markUndone(one.alert, result.done[0].line);
  }
  showToast(message);
  countChosen();
  const row = rowOf(done[0].alert);
  if (done.length === 1 && row && isSplit()) openDetail(row, { replace: true });
  else if (openRow()) reloadDetail();
}

/** Shows what was decided, and offers to undo it. */
function show(result, token) {
  for (const one of result.done) markDecided(one);
  countChosen();
  showToast(result.message, { until: result.undo_until, takeBack: () => takeBack(result.done, token) });
}

/** Opens the next indication that waits. */
function goOn(row) {
  const next = nextWaiting(row);
  if (next) openDetail(next, { replace: true });
  else closeWhenAllDone();
}

detail.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!("decide" in form.dataset)) return;
  event.preventDefault();
  const data = new FormData(form), row = openRow();
  const result = await send(form.action, data);
  if (!result) return;
  if (data.get("act") === "undone") {
    markUndone(result.done[0].alert, result.done[0].line);
    showToast(result.message);
    reloadDetail();
    return;
  }
  show(result, tokenOf(data));
  goOn(row);
});

document.querySelector(".inbox-list").addEventListener("click", (event) => {
  const link = event.target.closest(".inbox-row > a");
  if (!link || !isSplit() || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  openDetail(link.closest(".inbox-row"));
});

// Several at once.

/** Returns the boxes that can be ticked. */
const boxes = () =>
  /** @type {HTMLInputElement[]} */ ([...document.querySelectorAll('.inbox-row input[name="pilih"]:enabled')]);

function countChosen() {
  if (!together) return;
  const able = boxes(), chosen = able.filter((box) => box.checked);
  /** @type {HTMLInputElement} */
  const all = together.querySelector("[data-all]");
  all.checked = chosen.length > 0 && chosen.length === able.length;
  all.indeterminate = chosen.length > 0 && chosen.length < able.length;
  all.disabled = able.length === 0;
  const choice = together.querySelector("details");
  choice.classList.toggle("none", chosen.length === 0);
  if (!chosen.length) choice.open = false;
  choice.querySelector("[data-chosen-number]").textContent = chosen.length ? `(${chosen.length})` : "";
  const unexplained = chosen.some((box) => "noReason" in box.dataset);
  together.querySelector("select").required = unexplained;
  together.querySelector(".field-error").hidden = !unexplained || Boolean(together.querySelector("select").value);
}

if (together) {
  together.querySelector("[data-all]").addEventListener("change", (event) => {
    for (const box of boxes()) box.checked = /** @type {HTMLInputElement} */ (event.target).checked;
    countChosen();
  });
  together.querySelector("select").addEventListener("change", countChosen);
  document.querySelector(".inbox-list").addEventListener("change", (event) => {
    if (/** @type {HTMLInputElement} */ (event.target).name === "pilih") countChosen();
  });
  together.addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(together), open = openRow();
    const result = await send(together.action, data);
    if (!result) return;
    show(result, tokenOf(data));
    together.reset();
    countChosen();
    if (open && !("waits" in open.dataset)) goOn(open);
  });
  countChosen();
}

// The keyboard.

/** Opens a choice of the panel, and focuses what is needed next: the reason, or the button that confirms. */
async function choose(act) {
  await settled();
  const choice = detail.querySelector(`details[data-act="${act}"]`);
  if (!choice) return;
  for (const other of detail.querySelectorAll(".choices details")) other.toggleAttribute("open", other === choice);
  const empty = choice.querySelector("select:required:invalid, textarea:required:invalid");
  const next = empty ?? choice.querySelector("button");
  // Within the detail only: the browser would scroll the list away with it.
  next.focus({ preventScroll: true });
  const below = choice.getBoundingClientRect().bottom - detail.getBoundingClientRect().bottom;
  if (below > 0) detail.scrollTop += below + 16;
}

function move(step) {
  const row = neighbour(openRow(), step);
  if (row) openDetail(row, { replace: Boolean(openRow()) });
}

function tick() {
  const box = openRow()?.querySelector("input");
  if (!box || box.disabled) return;
  box.checked = !box.checked;
  countChosen();
}

/** @type {Record<string, () => void>} */
const ACTS = {
  j: () => move(1),
  k: () => move(-1),
  c: () => choose("confirmed"),
  i: () => choose("excused"),
  a: () => choose("false_alarm"),
  t: () => settled().then(() => detail.querySelector(".upheld button")?.focus()),
  u: takeBackLast,
  x: tick,
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (!isSplit() || keys.open || event.altKey) return;
  const field = event.target.closest('textarea, select, input:not([type="checkbox"])');
  const inForm = event.target.closest("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field && detail.contains(field)) {
    event.preventDefault();
    /** @type {HTMLFormElement} */ (inForm).requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") {
    const open = detail.querySelector(".choices details[open]");
    if (open) {
      open.removeAttribute("open");
      detail.focus({ preventScroll: true });
    }
    return;
  }
  const act = field ? undefined : ACTS[event.key.toLowerCase()];
  if (!act || event.repeat || sending) return;
  event.preventDefault();
  act();
});

document.querySelector("[data-keys]").addEventListener("click", () => keys.showModal());
