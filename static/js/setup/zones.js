// The zone editor: polygons over a camera's picture, by mouse, touch or keyboard. The server checks them again.
import { clamp, polygonProblem } from "../core/geometry.js";
import { offerMarks } from "./marks.js";
import { drawOverlay } from "./overlay.js";

const data = JSON.parse(document.getElementById("editor-data").textContent);
const words = data.words;
/** @template {HTMLElement} [E=HTMLElement] @param {string} id @returns {E} */
const $ = (id) => document.getElementById(id);
const overlay = $("overlay"), slot = $("slot"), cards = $("zone-cards");
/** @type {HTMLFormElement} */
const form = $("zone-form");
/** @type {HTMLButtonElement} */
const undoButton = $("undo");
const round = (value) => Math.round(value * 10000) / 10000;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

let nextKey = 1;
let zones = data.zones.map((zone) => ({ ...zone, key: nextKey++, isNew: !zone.counter && Boolean(zone.name) }));
let selected = zones[0]?.key ?? null;
let dirty = data.changed;
const past = [];

const title = (zone) => {
  if (zone.mark) return `${words.mark} ${zones.filter(({ mark }) => mark).indexOf(zone) + 1}`;
  const counter = data.counters.find(({ id }) => id === zone.counter);
  return counter?.name || zone.name || `${words.zone} ${zones.indexOf(zone) + 1}`;
};
const announce = (text) => { $("spoken").textContent = text; };
/** @param {HTMLElement} card @param {string} selector @returns {HTMLInputElement} */
const input = (card, selector) => card.querySelector(selector);
const byKey = (key) => zones.find((zone) => zone.key === Number(key));

/** Makes a change that Undo can take back. Every edit goes through here; those with the same `merge` count as one. */
function edit(change, { merge = "" } = {}) {
  const last = past.at(-1);
  if (!merge || last?.merge !== merge) past.push({ merge, zones: structuredClone(zones), selected });
  if (past.length > 200) past.shift();
  change();
  dirty = true;
  draw();
}

function undo() {
  const before = past.pop();
  if (!before) return;
  ({ zones, selected } = before);
  point = null;
  draw({ cardsToo: true });
  announce(words.undone);
}

function problemOf(zone) {
  const code = polygonProblem(zone.polygon, data);
  return code ? data.problems[code] : "";
}

function draw({ cardsToo = false } = {}) {
  /** @type {HTMLImageElement} */
  const picture = $("picture");
  overlay.toggleAttribute("hidden", !picture?.naturalWidth);
  if (picture?.naturalWidth) {
    const shapes = zones.map((zone) => ({ ...zone, title: title(zone), problem: problemOf(zone) }));
    drawOverlay(overlay, picture, shapes, selected, (text, values) => fill(words[text], values));
  }
  undoButton.disabled = past.length === 0;
  $("no-zones").hidden = zones.length > 0;
  if (cardsToo || cards.children.length !== zones.length) buildCards();
  for (const card of cards.children) refreshCard(card, byKey(card.dataset.key));
}

function buildCards() {
  cards.replaceChildren(...zones.map((zone) => {
    /** @type {HTMLTemplateElement} */
    const template = $(zone.mark ? "mark-card" : "zone-card");
    const card = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    card.dataset.key = zone.key;
    if (zone.mark) {
      input(card, ".moving").checked = zone.moving;
      return card;
    }
    for (const field of card.querySelectorAll(".field")) {
      const [label, control] = field.children;
      /** @type {HTMLLabelElement} */ (label).htmlFor = control.id = `${control.className}-${zone.key}`;
    }
    input(card, ".name").value = zone.name;
    input(card, ".quorum").value = zone.quorum;
    return card;
  }));
}

function refreshCard(card, zone) {
  card.classList.toggle("selected", zone.key === selected);
  card.querySelector(".tag").textContent = zones.indexOf(zone) + 1;
  card.querySelector(".title").textContent = title(zone);
  card.querySelector(".drop-point").disabled = zone.polygon.length <= 3 || zone.key !== selected || point === null;
  const problems = [problemOf(zone), zone.nameless ? words.nameless : "", ...(zone.problems ?? [])].filter((text, i, all) => text && all.indexOf(text) === i);
  const error = card.querySelector(".field-error");
  error.textContent = problems.join(" ");
  error.hidden = problems.length === 0;
  if (!zone.mark) refreshCounter(card, zone);
}

function refreshCounter(card, zone) {
  const select = card.querySelector(".counter");
  const taken = new Set(zones.filter((other) => other !== zone).map((other) => other.counter));
  const free = data.counters.filter(({ id }) => !taken.has(id));
  const options = [["", words.choose], ...free.map(({ id, name }) => [String(id), name]), ["new", words.newCounter]];
  const value = zone.isNew ? "new" : String(zone.counter ?? "");
  const wanted = JSON.stringify(options);
  if (select.dataset.options !== wanted) {
    select.replaceChildren(...options.map(([option, text]) => new Option(text, option)));
    select.dataset.options = wanted;
  }
  select.value = value;
  card.querySelector(".new-name").hidden = !zone.isNew;
  const field = zone.isNew ? input(card, ".name") : select;
  for (const one of [select, input(card, ".name")]) {
    const wrong = Boolean(zone.nameless) && one === field;
    one.closest(".field").classList.toggle("has-error", wrong);
    one.setAttribute("aria-invalid", String(wrong));
  }
}

function addZone(polygon) {
  const first = data.counters.find(({ id }) => !zones.some((zone) => zone.counter === id));
  const zone = { key: nextKey++, counter: first?.id ?? null, name: "", isNew: !first, quorum: first?.quorum ?? 1, polygon };
  edit(() => { zones.push(zone); selected = zone.key; point = null; });
  return zone;
}

/** Adds a mark on something that looks like a person but is none. */
function addMark(polygon) {
  const mark = { key: nextKey++, mark: true, moving: false, polygon };
  edit(() => { zones.push(mark); selected = mark.key; point = null; });
  return mark;
}

function removeZone(zone) {
  const name = title(zone);
  edit(() => { zones = zones.filter((other) => other !== zone); selected = zones.at(-1)?.key ?? null; point = null; });
  announce(fill(words.zoneGone, { zone: name }));
  undoButton.focus();
}

function removePoint(zone, at) {
  if (zone.polygon.length <= 3) { announce(words.atLeast); return; }
  edit(() => { zone.polygon.splice(at, 1); point = Math.min(at, zone.polygon.length - 1); });
  announce(words.pointGone);
  focusPart(zone.key, point);
}

function move(zone, at, dx, dy, start) {
  if (at !== null) {
    zone.polygon[at] = [round(clamp(start[at][0] + dx)), round(clamp(start[at][1] + dy))];
    return;
  }
  const xs = start.map(([x]) => x), ys = start.map(([, y]) => y);
  const x = Math.max(-Math.min(...xs), Math.min(1 - Math.max(...xs), dx));
  const y = Math.max(-Math.min(...ys), Math.min(1 - Math.max(...ys), dy));
  zone.polygon = start.map(([px, py]) => [round(clamp(px + x)), round(clamp(py + y))]);
}

function focusPart(key, at) {
  overlay.querySelector(at === null ? `.shape-of[data-key="${key}"]` : `.handle[data-key="${key}"][data-at="${at}"]`)?.focus();
}

// --- mouse and touch --------------------------------------------------------------------------------------
let point = null; // the chosen point of the selected zone
let drag = null;
let gesture = 0;

function place(event) {
  const box = overlay.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
}

overlay.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || drag) return;
  event.preventDefault();
  const part = event.target.closest("[data-key]");
  const from = place(event);
  gesture += 1;
  overlay.setPointerCapture(event.pointerId);
  drag = { id: event.pointerId, from, key: null, at: null, moved: false };
  if (!part) return;
  const zone = byKey(part.dataset.key);
  selected = zone.key;
  drag.key = zone.key;
  if (part.classList.contains("between")) {
    const at = Number(part.dataset.at) + 1;
    edit(() => zone.polygon.splice(at, 0, from.map((value) => round(clamp(value)))), { merge: `drag${gesture}` });
    drag.at = at;
  } else if (part.classList.contains("handle")) {
    drag.at = Number(part.dataset.at);
  }
  point = drag.at;
  drag.start = structuredClone(zone.polygon);
  draw();
  focusPart(zone.key, drag.at);
});

overlay.addEventListener("pointermove", (event) => {
  if (!drag || event.pointerId !== drag.id) return;
  const to = place(event).map(clamp);
  const [dx, dy] = [to[0] - drag.from[0], to[1] - drag.from[1]];
  const box = overlay.getBoundingClientRect();
  if (!drag.moved && Math.hypot(dx * box.width, dy * box.height) < 4) return;
  drag.moved = true;
  if (drag.key === null) {
    const [ax, ay] = drag.from.map(clamp);
    const corners = [[ax, ay], [to[0], ay], to, [ax, to[1]]].map((corner) => corner.map(round));
    if (!drag.rubber) {
      drag.rubber = addZone(corners);
      past.at(-1).merge = `drag${gesture}`;
    }
    edit(() => { drag.rubber.polygon = corners; }, { merge: `drag${gesture}` });
    return;
  }
  edit(() => move(byKey(drag.key), drag.at, dx, dy, drag.start), { merge: `drag${gesture}` });
});

function drop(event) {
  if (!drag || event.pointerId !== drag.id) return;
  const { rubber } = drag;
  drag = null;
  // Ignore zones of a few pixels: they are drawn by accident.
  const box = overlay.getBoundingClientRect();
  if (rubber && Math.abs(rubber.polygon[2][0] - rubber.polygon[0][0]) * box.width < 12) undo();
  draw();
}
overlay.addEventListener("pointerup", drop);
overlay.addEventListener("pointercancel", drop);

// --- keyboard -----------------------------------------------------------------------------------------------
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

overlay.addEventListener("focusin", ({ target }) => {
  const part = target.closest("[data-key]");
  if (!part || drag) return;
  const at = part.classList.contains("handle") ? Number(part.dataset.at) : null;
  if (selected === Number(part.dataset.key) && point === at) return;
  selected = Number(part.dataset.key);
  point = at;
  draw();
  focusPart(selected, part.classList.contains("between") ? null : at);
});

overlay.addEventListener("keydown", (event) => {
  const part = event.target.closest("[data-key]");
  if (!part) return;
  const zone = byKey(part.dataset.key);
  const at = part.classList.contains("handle") ? Number(part.dataset.at) : null;
  const step = event.shiftKey ? 0.025 : 0.005;
  if (ARROWS[event.key]) {
    const [dx, dy] = ARROWS[event.key];
    edit(() => move(zone, at, dx * step, dy * step, structuredClone(zone.polygon)), { merge: `key${zone.key}.${at}` });
  } else if (event.key === "Delete" || event.key === "Backspace") {
    at === null ? removeZone(zone) : removePoint(zone, at);
  } else if (event.key === "+" || event.key === "Insert") {
    const from = at ?? 0;
    const [a, b] = [zone.polygon[from], zone.polygon[(from + 1) % zone.polygon.length]];
    edit(() => { zone.polygon.splice(from + 1, 0, [round((a[0] + b[0]) / 2), round((a[1] + b[1]) / 2)]); point = from + 1; });
    focusPart(zone.key, from + 1);
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.target).matches("input, textarea, select");
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z" && !typing) {
    event.preventDefault();
    undo();
  }
});

// --- the list of zones --------------------------------------------------------------------------------------
cards.addEventListener("input", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  const card = target.closest("[data-key]"), zone = byKey(card.dataset.key);
  zone.problems = [];
  zone.nameless = false;
  if (target.matches(".counter")) {
    edit(() => {
      const counter = data.counters.find(({ id }) => String(id) === target.value);
      Object.assign(zone, { isNew: target.value === "new", counter: counter?.id ?? null, quorum: counter?.quorum ?? zone.quorum });
    });
    input(card, ".quorum").value = zone.quorum;
    if (zone.isNew) card.querySelector(".name").focus();
  } else if (target.matches(".name")) {
    edit(() => { zone.name = target.value; }, { merge: `name${zone.key}` });
  } else if (target.matches(".moving")) {
    edit(() => { zone.moving = target.checked; });
  } else if (target.matches(".quorum")) {
    edit(() => { zone.quorum = Number(target.value) || 0; }, { merge: `quorum${zone.key}` });
  }
});
cards.addEventListener("click", ({ target }) => {
  const zone = byKey(target.closest("[data-key]").dataset.key);
  if (target.closest(".drop-zone")) { removeZone(zone); return; }
  if (target.closest(".drop-point") && point !== null) { removePoint(zone, point); return; }
  if (selected !== zone.key) { selected = zone.key; point = null; draw(); }
});
undoButton.addEventListener("click", undo);
function rectangle(width, height) {
  const shift = (zones.length % 5) * 0.06;
  const [x, y] = [0.3 + shift, 0.3 + shift];
  return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]].map((corner) => corner.map(round));
}
$("add-zone").addEventListener("click", () => focusPart(addZone(rectangle(0.25, 0.3)).key, null));
$("add-mark").addEventListener("click", () => focusPart(addMark(rectangle(0.12, 0.2)).key, null));
offerMarks($("seen-boxes"), data.seen, fill.bind(null, words.seen), (polygon) => focusPart(addMark(polygon).key, null));

form.addEventListener("submit", (event) => {
  const named = (zone) => zone.mark || zone.counter || (zone.isNew && zone.name.trim());
  const hurdle = !form.elements.namedItem("reference") ? words.noPicture : zones.some(problemOf) ? words.fix : zones.every(named) ? "" : words.nameless;
  if (hurdle) {
    event.preventDefault();
    announce(hurdle);
    for (const zone of zones) if (!named(zone)) zone.nameless = true;
    const bad = zones.find((zone) => problemOf(zone) || !named(zone));
    if (bad) {
      selected = bad.key;
      draw();
      cards.querySelector(`[data-key="${bad.key}"] ${bad.isNew ? ".name" : ".counter"}`)?.focus();
    }
    return;
  }
  dirty = false;
  input(form, "#marks-field").value = JSON.stringify(zones.filter(({ mark }) => mark).map(({ polygon, moving }) => ({ polygon, moving })));
  input(form, "#zones-field").value = JSON.stringify(zones.filter(({ mark }) => !mark).map(({ counter, name, isNew, quorum, polygon }) => ({ counter: isNew ? null : counter, name: isNew ? name : "", quorum, polygon })));
});
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

// --- the picture --------------------------------------------------------------------------------------------
function follow() {
  /** @type {HTMLImageElement} */
  const picture = $("picture");
  if (picture) picture.complete ? draw() : picture.addEventListener("load", () => draw(), { once: true });
  else draw();
}
slot.addEventListener("htmx:afterSwap", follow);
new ResizeObserver(() => draw()).observe(slot);
follow();
