// The rows of the list of indications: which waits, what was decided, what is chosen.

const list = document.querySelector(".inbox-list");
/** The state of a row before it was decided here. @type {WeakMap<HTMLElement, DocumentFragment>} */
const before = new WeakMap();

export const rows = () => [...list.querySelectorAll(".inbox-row")];

/** @param {number | string} id of an indication */
export const rowOf = (id) => list.querySelector(`.inbox-row[data-indication="${id}"]`);

/** Returns the row that many places after the given one, or undefined; the first if there is no such row. */
export function neighbour(row, step) {
  const all = rows();
  return row ? all[all.indexOf(row) + step] : all[0];
}

/** Returns the next row that waits, from the top again after the last; undefined when none does. */
export function nextWaiting(row) {
  const all = rows(), place = all.indexOf(row);
  return [...all.slice(place + 1), ...all.slice(0, place + 1)].find((one) => "waits" in one.dataset);
}

/** Marks a row as decided. @param {{alert: number, line: number, outcome: string, word: string}} done */
export function markDecided(done) {
  const row = rowOf(done.alert);
  if (!row) return;
  const state = row.querySelector(".indication-state");
  if (!before.has(row)) {
    const kept = document.createDocumentFragment();
    kept.append(...[...state.childNodes].map((node) => node.cloneNode(true)));
    before.set(row, kept);
  }
  delete row.dataset.waits;
  row.classList.add("is-decided");
  const pill = document.createElement("span");
  pill.className = `pill outcome is-${done.outcome}`;
  pill.textContent = done.word;
  state.replaceChildren(pill);
  const box = row.querySelector("input");
  if (box) {
    box.checked = false;
    box.disabled = true;
  }
}

/** Shows a row as before its decision, which was undone by this line of the history. */
export function markUndone(alert, line) {
  const row = rowOf(alert);
  if (!row) return;
  row.dataset.waits = "";
  row.classList.remove("is-decided");
  const kept = before.get(row);
  if (kept) row.querySelector(".indication-state").replaceChildren(kept.cloneNode(true));
  const box = row.querySelector("input");
  if (box) {
    box.disabled = false;
    box.value = `${alert}:${line}`;
  }
}

/** Writes how many wait at each stage, and the camat's number in the menu. @param {Record<string, number>} counts */
export function writeWaiting(counts) {
  for (const [stage, number] of Object.entries(counts)) {
    const place = document.querySelector(`[data-stage="${stage}"]`);
    if (place) place.textContent = String(number);
  }
  const badge = document.querySelector("[data-waiting]");
  if (!badge) return;
  badge.firstChild.textContent = String(counts.putuskan);
  badge.hidden = counts.putuskan === 0;
}
