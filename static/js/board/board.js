// Keeps the board up to date: tiles and cards by office, counts, and filters in the address.
import { startClock, writeElapsed } from "../core/clock.js";
import { arrangeOffices } from "./arrange.js";
import { headline } from "./headline.js";
import { narrowAlerts, takeAlerts } from "./feed.js";
import { normalise } from "../core/search.js";
import { rowCause, rowWord } from "./row_words.js";
import { streetPoints } from "./street_points.js";
import { followRows } from "../core/socket.js";
import { highlight, setState, shape, write } from "../core/states.js";
import { words } from "../core/words.js";

const board = document.getElementById("board");
/** @type {HTMLFormElement} */
const form = document.getElementById("filters");
/** @type {HTMLInputElement} */
const search = document.getElementById("cari");
const cards = document.getElementById("troubled"), unseenCards = document.getElementById("unseen-cards");
/** @type {HTMLDetailsElement} */
const unseen = document.getElementById("unseen");
/** @type {HTMLTemplateElement} */
const cardTemplate = document.getElementById("card-template");
const feedLimit = Number(board.dataset.feedLimit), cardLimit = Number(board.dataset.troubledShown);

const offices = new Map();
for (const tile of document.querySelectorAll("[data-office]")) {
  const { office, version, group, trouble, visibility, code, search: names, state, since: from, reason, kecamatan, name } = tile.dataset;
  const url = tile.querySelector("a").getAttribute("href");
  offices.set(Number(office), {
    id: Number(office), above: Number(office) < 0, tile, version: Number(version), group, trouble, visibility, serving: "serving" in tile.dataset,
    state, from, reason, code, names, name, kecamatan, url,
  });
}

function paintTile(office, row) {
  const { tile } = office;
  setState(tile, row.state);
  tile.querySelector("[data-dots]").replaceChildren(...(row.counters.length
    ? row.counters.map((counter) => shape(counter.state, `${counter.name}: ${words.states[counter.state]}`)) : [shape("none", "")]));
  write(tile, "[data-word]", rowWord(row));
  const elapsed = tile.querySelector(".elapsed");
  elapsed.dataset.from = row.timed_from ?? "";
  writeElapsed(elapsed);
}

/** Applies rows to their tiles. Returns false if the page has not the right tiles. whole: they are all rows. */
function takeRows(rows, whole) {
  const worsened = [];
  for (const row of rows) {
    const office = offices.get(row.id);
    if (!office) return false;
    if (!whole && row.version < office.version) continue; // older than what is shown
    const worse = !whole && office.group !== row.group && (row.group === "absent" || row.group === "late");
    const { version, group, trouble, visibility, serving, state, from, reason } = row;
    Object.assign(office, { version, group, trouble, visibility, serving, state, from, reason });
    paintTile(office, row);
    if (worse) worsened.push(row.id);
  }
  arrange();
  for (const id of worsened) {
    highlight(offices.get(id).tile);
    const card = document.querySelector(`[data-troubled="${id}"]`);
    if (card) highlight(card);
  }
  return !whole || rows.length === offices.size;
}

function filters() {
  const data = new FormData(form);
  return {
    q: search.value.trim(), query: normalise(search.value), kecamatan: String(data.get("kecamatan") ?? ""), groups: data.getAll("keadaan").map(String), look: String(data.get("lihat") ?? ""),
  };
}

function arrange() {
  const chosen = filters();
  const { shown, troubled, counts, sections, named } = arrangeOffices(offices.values(), chosen, cardLimit);
  for (const office of offices.values()) office.tile.hidden = !shown.has(office);
  for (const section of board.querySelectorAll("section[data-kecamatan]")) {
    const own = sections.get(section.dataset.kecamatan);
    section.hidden = !own.shown;
    writeCounts(section.querySelector("h3"), headline(own.all));
  }
  document.getElementById("nothing").hidden = shown.size > 0;
  narrowAlerts(new Set([...named].map(({ id }) => id)));
  board.parentElement.classList.toggle("searching", chosen.query !== "");
  arrangeCards(cards, troubled.filter(({ state }) => state !== "unknown"));
  arrangeCards(unseenCards, troubled.filter(({ state }) => state === "unknown"));
  unseen.hidden = !counts.grey;
  document.getElementById("more-troubled").hidden = !counts.more;
  document.getElementById("calm").hidden = counts.troubled > 0;
  board.classList.toggle("only-points", chosen.look === "titik");
  map?.paint(chosen.look === "titik" ? [] : [...shown]);
  points?.arrange(chosen.query, Boolean(chosen.kecamatan || chosen.groups.length), chosen.look);
  const all = { ...counts, ...headline([...offices.values()].filter(({ above }) => !above)) };
  for (const id of ["summary", "filters", "unseen", "more-troubled", "found"]) writeCounts(document.getElementById(id), all);
  for (const chip of form.querySelectorAll(".chip")) {
    chip.toggleAttribute("data-zero", chip.querySelector("[data-count]").textContent === "0");
  }
  return shown;
}

/** Writes numbers, hides the parts that count nothing, and shows what belongs to this kind of headline. */
function writeCounts(root, counts) {
  for (const place of root.querySelectorAll("[data-count]")) {
    const text = String(counts[place.dataset.count] ?? 0);
    if (place.textContent !== text) place.textContent = text;
  }
  for (const part of root.querySelectorAll("[data-part]")) part.hidden = !counts[part.dataset.part];
  for (const one of root.querySelectorAll("[data-kind]")) one.hidden = one.dataset.kind !== counts.kind;
}

/** Shows a card for each of the offices, in their order. */
function arrangeCards(cards, troubled) {
  const known = new Map([...cards.children].map((card) => [Number(card.dataset.troubled), card]));
  const wanted = troubled.map((office) => {
    const card = known.get(office.id)
      ?? /** @type {HTMLElement} */ (cardTemplate.content.firstElementChild.cloneNode(true));
    card.dataset.troubled = office.id;
    setState(card, office.state);
    card.querySelector("a").href = office.url;
    card.querySelector("use").setAttribute("href", `#s-${office.state}`);
    write(card, "[data-name]", office.name);
    write(card, "[data-kecamatan]", office.kecamatan);
    write(card, "[data-word]", rowWord(office));
    write(card, "[data-cause]", rowCause(office));
    const elapsed = card.querySelector(".elapsed");
    elapsed.dataset.from = office.from ?? "";
    writeElapsed(elapsed);
    return card;
  });
  const stay = new Set(wanted);
  for (const card of known.values()) if (!stay.has(card)) card.remove();
  // Moving an element drops its focus, so only elements out of place are moved.
  wanted.forEach((card, n) => { if (cards.children[n] !== card) cards.insertBefore(card, cards.children[n] ?? null); });
}

function filtersChanged() {
  const { q, kecamatan, groups, look } = filters();
  const address = new URLSearchParams();
  if (map?.open()) address.set("tampilan", "peta");
  if (look) address.set("lihat", look);
  if (q) address.set("q", q);
  if (kecamatan) address.set("kecamatan", kecamatan);
  for (const group of groups) address.append("keadaan", group);
  const text = address.toString();
  history.replaceState(null, "", text ? `?${text}` : location.pathname);
  unseen.open = groups.includes("unknown");
  return arrange();
}

// The code of the map loads when it is first opened.
const views = document.getElementById("views");
let map = null;
/** @type {HTMLDetailsElement} */
const pointHolder = document.getElementById("titik");
const points = pointHolder && streetPoints(pointHolder, { onMap: () => Boolean(map?.open()), paint: (shown) => map?.paintPoints(shown) });
async function openMap() {
  if (map) return;
  try {
    const { mapSwitch } = await import("./map_switch.js");
    map ??= mapSwitch(board, filtersChanged);
    filtersChanged();
  } catch {
    document.getElementById("map-failed").hidden = false; // a click tries again
  }
}
views?.lastElementChild.addEventListener("click", openMap);
if (views && location.search.includes("tampilan=peta")) openMap();

form.addEventListener("input", filtersChanged);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [only, ...others] = filtersChanged();
  if (only && !others.length && filters().query) location.href = only.url;
});

// A number at the top filters by its groups; a second click clears the filter.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="?keadaan="]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const wanted = new URLSearchParams(link.getAttribute("href")).getAll("keadaan");
  /** @type {HTMLInputElement[]} */
  const boxes = Array.from(form.querySelectorAll('[name="keadaan"]'));
  const same = boxes.every((box) => box.checked === wanted.includes(box.value));
  for (const box of boxes) box.checked = !same && wanted.includes(box.value);
  filtersChanged();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, select")) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "Escape" && event.target === search && search.value) {
    search.value = "";
    filtersChanged();
  }
});

startClock(board.dataset.now);
followRows(board.dataset.socket, (message) => {
  const whole = message.type === "snapshot";
  takeAlerts(message.feed, whole, feedLimit);
  // The user's scope has changed, so other tiles are needed.
  if (!takeRows(message.rows, whole)) location.reload();
});
