// The player of recordings: one moment of a day for up to four cameras, by pointer, buttons and keys.
import { nextRecorded, RECORDED, stretchAt } from "./moments.js";
import { previewOf } from "./preview.js";
import { Tile } from "./tile.js";

const DAY_S = 86_400, TICK_MS = 100, STEP_S = 10, LONG_STEP_S = 60, NEWS_MS = 60_000;

const root = document.getElementById("recordings"), { dataset } = root;
const words = JSON.parse(document.getElementById("recording-words").textContent);
const begins = Number(dataset.begins);
const tiles = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-tile]")])
  .map((one) => new Tile(one, { begins, day: dataset.day, why: dataset.why }, words));
const slider = /** @type {HTMLInputElement} */ (root.querySelector("[data-slider]"));
const time = root.querySelector("[data-time]"), status = root.querySelector("[data-status]");
const play = /** @type {HTMLButtonElement} */ (root.querySelector("[data-play]"));
const speed = /** @type {HTMLSelectElement} */ (root.querySelector("[data-speed]"));
const charts = /** @type {SVGSVGElement[]} */ (/** @type {unknown} */ ([...root.querySelectorAll("[data-strip]")]));
const exporting = /** @type {HTMLAnchorElement | null} */ (root.querySelector("[data-export]"));
const preview = previewOf(root.querySelector("[data-preview]"), (at) => tiles[0].recordedAt(at) ? tiles[0].stillAt(at) : "");

const clock = new Intl.DateTimeFormat(document.documentElement.lang === "id" ? "id-ID" : "en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: dataset.zone,
});
let at = 0, playing = false, span = DAY_S, from = 0;
/** @type {{ since?: number, until?: number }} */
const marks = {};

const clockAt = (moment) => clock.format((begins + moment) * 1000);
const days = () => tiles.map(({ stretches }) => stretches);
const rate = () => Number(speed.value);

/** Says how long a gap is: "2 m 10 s". @param {number} seconds */
function lasting(seconds) {
  const whole = Math.round(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
  const parts = [[hours, words.hour], [minutes, words.minute], [hours ? 0 : whole % 60, words.second]];
  return parts.filter(([n]) => n).map(([n, unit]) => `${n} ${unit}`).join(" ") || `0 ${words.second}`;
}

/** Says what the first camera has at a moment. @param {number} moment */
const said = (moment) => words[stretchAt(tiles[0].stretches, moment)?.what ?? "none"];

function paint() {
  if (at < from || at > from + span) from = span === DAY_S ? 0 : Math.min(Math.max(0, at - span / 2), DAY_S - span);
  slider.min = String(from);
  slider.max = String(from + span);
  slider.value = String(Math.round(at));
  slider.setAttribute("aria-valuetext", `${clockAt(at)}, ${said(at)}`);
  time.textContent = clockAt(at);
  for (const chart of charts) {
    chart.setAttribute("viewBox", `${from / 60} 0 ${span / 60} 10`);
    const cursor = chart.querySelector("[data-cursor]");
    cursor.setAttribute("x", String(at / 60));
    cursor.setAttribute("width", String(span / 60 / 400));
  }
  if (exporting) {
    const since = marks.since ?? at - 60, until = marks.until ?? at + 60;
    exporting.search = `?kamera=${exporting.dataset.camera}&dari=${Math.floor(begins + since)}&sampai=${Math.ceil(begins + until)}`;
  }
}

/** @param {number} moment */
function seek(moment) {
  at = Math.min(Math.max(0, moment), DAY_S - 1);
  for (const tile of tiles) tile.seek(at);
  paint();
  tick();
}

function setPlaying(wish) {
  playing = wish;
  play.setAttribute("aria-pressed", String(playing));
  play.querySelector("use").setAttribute("href", playing ? "#i-pause" : "#i-play");
  play.querySelector("span").textContent = playing ? words.pause : words.play;
  tick();
}

/** Goes on after a part in which nothing was recorded, and says so; stops where nothing follows. */
function skip() {
  const next = nextRecorded(days(), at), why = said(at);
  if (next === null) {
    status.textContent = words.end;
    return setPlaying(false);
  }
  status.textContent = words.skipped.replace("{long}", lasting(next - at)).replace("{why}", why);
  seek(next + 0.05);
}

/** Moves on with the first camera that is recorded now. */
function advance() {
  const lead = tiles.find((tile) => tile.recordedAt(at));
  if (!lead) return skip();
  if (!lead.Source) return; // stills only
  if (!lead.rangeAt(at)) {
    const after = lead.afterHole(at);
    if (after !== null) at = after;
    return;
  }
  const shown = lead.video.currentTime;
  if (shown > at && shown - at < 2 * rate()) at = shown;
  const { until } = stretchAt(lead.stretches, at) ?? { until: at };
  if (until - at < 0.2) at = until;
}

function tick() {
  if (playing) advance();
  for (const tile of tiles) tile.follow(at, rate(), playing);
}

setInterval(() => {
  tick();
  if (playing) paint();
}, TICK_MS);

/** Draws the strip of a day that is not over again. @param {Tile} tile @param {SVGSVGElement} chart */
function draw(tile, chart) {
  const cursor = chart.querySelector("[data-cursor]");
  chart.querySelectorAll("rect:not([data-cursor])").forEach((one) => one.remove());
  for (const { from: start, until, what } of tile.stretches) {
    const bar = document.createElementNS(chart.namespaceURI, "rect"), title = document.createElementNS(chart.namespaceURI, "title");
    const shape = { class: `is-${what}`, x: start / 60, width: Math.max(0.2, (until - start) / 60), y: what === RECORDED ? 0 : 6, height: what === RECORDED ? 10 : 4 };
    for (const [name, value] of Object.entries(shape)) bar.setAttribute(name, String(value));
    title.textContent = `${clockAt(start)}–${clockAt(until)}: ${words[what]}`;
    bar.append(title);
    cursor.before(bar);
  }
}

async function readStrips() {
  await Promise.all(tiles.map((tile) => tile.readStrip().catch(() => {})));
  tiles.forEach((tile, n) => draw(tile, charts[n]));
  paint();
}

const fractionOf = (pointer) => {
  const box = slider.getBoundingClientRect();
  return Math.min(1, Math.max(0, (pointer.clientX - box.left) / box.width));
};

function showPreview(moment, fraction) {
  preview.show(moment, fraction, `${clockAt(moment)} · ${said(moment)}`);
}

slider.addEventListener("input", () => showPreview(Number(slider.value), (Number(slider.value) - from) / span));
slider.addEventListener("change", () => seek(Number(slider.value)));
slider.addEventListener("pointermove", (pointer) => showPreview(from + fractionOf(pointer) * span, fractionOf(pointer)));
for (const name of ["pointerleave", "blur"]) slider.addEventListener(name, () => preview.hide());

play.addEventListener("click", () => setPlaying(!playing));
speed.addEventListener("change", tick);
root.addEventListener("click", (click) => {
  const button = /** @type {HTMLButtonElement | null} */ (click.target.closest("button[data-step], button[data-span], button[data-mark], button[data-to]"));
  if (!button) return;
  const { step, span: wide, mark, to } = button.dataset;
  if (step) seek(at + Number(step));
  if (to) seek(Number(to) - begins);
  if (mark) {
    marks[mark] = at;
    button.querySelector("[data-at]").textContent = ` ${clockAt(at)}`;
  }
  if (wide) {
    span = Number(wide);
    from = Number.NEGATIVE_INFINITY; // around the moment
    for (const other of root.querySelectorAll("[data-span]")) other.setAttribute("aria-pressed", String(other === button));
  }
  paint();
});

const KEYS = { ArrowLeft: -1, ArrowRight: 1 };
addEventListener("keydown", (key) => {
  if (key.ctrlKey || key.metaKey || key.altKey) return;
  const own = key.target === slider || !key.target.closest("input, select, textarea, summary, dialog, .menu");
  if (!own) return;
  if (key.key in KEYS) seek(at + KEYS[key.key] * (key.shiftKey ? LONG_STEP_S : STEP_S));
  else if (key.key === "k" || (key.key === " " && !key.target.closest("button, a"))) setPlaying(!playing);
  else if (key.key === "," || key.key === ".") {
    speed.selectedIndex = Math.min(Math.max(0, speed.selectedIndex + (key.key === "." ? 1 : -1)), speed.options.length - 1);
  } else return;
  key.preventDefault();
});

await readStrips();
const asked = dataset.moment ? Number(dataset.moment) - begins : Math.max(0, (lastRecorded() ?? 60) - 60);
seek(nextRecorded(days(), asked) === null ? asked : nextRecorded(days(), asked));
root.dataset.ready = "";
if (dataset.today !== undefined) setInterval(readStrips, NEWS_MS);

/** Returns when the last recording of the day ends, null without one. */
function lastRecorded() {
  const ends = days().flat().filter(({ what }) => what === RECORDED).map(({ until }) => until);
  return ends.length ? Math.max(...ends) : null;
}
