// The newest picture of one camera, with what was detected in it. Polls only while it is on the screen.
import { fill, several, words } from "../core/words.js";

const EVERY_MS = 2500, OLD_S = 25;
const CLOSED_MS = 60_000; // of an office that was closed when last asked
const LETTER = 0.66; // width of a letter as a share of its height
const SVG = "http://www.w3.org/2000/svg";

function add(parent, name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  parent.append(element);
}

function draw(svg, view, names) {
  const { width, height } = view;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren();
  for (const [x0, y0, x1, y1] of view.boxes) {
    add(svg, "rect", { class: "person", x: x0 * width, y: y0 * height, width: (x1 - x0) * width, height: (y1 - y0) * height });
  }
  for (const [x0, y0, x1, y1] of view.ignored ?? []) {
    add(svg, "rect", { class: "ignored", x: x0 * width, y: y0 * height, width: (x1 - x0) * width, height: (y1 - y0) * height });
  }
  for (const zone of view.zones) {
    const points = zone.polygon.map(([x, y]) => `${x * width},${y * height}`).join(" ");
    add(svg, "polygon", { class: "casing", points });
    add(svg, "polygon", { class: `is-${zone.look ?? "blind"}`, points });
  }
  for (const zone of view.zones) {
    const xs = zone.polygon.map(([x]) => x * width), top = Math.min(...zone.polygon.map(([, y]) => y)) * height;
    const left = Math.min(...xs), size = height / 22;
    const room = Math.floor((Math.max(...xs) - left) / (size * LETTER)); // letters that fit beside a neighbour
    const people = zone.look === "blind" || zone.people == null ? "" : several(words.people, zone.people);
    const lines = [names[zone.counter] ?? "", people].filter(Boolean);
    lines.forEach((line, n) => add(svg, "text", { x: left, y: Math.max(top, size * lines.length) - size * (lines.length - n - 0.7), "font-size": size },
      line.length > room ? `${line.slice(0, room - 1).trimEnd()}…` : line));
  }
}

/** Keeps a figure up to date. names: of the office's counters, by id. */
export function followCamera(figure, names) {
  const image = figure.querySelector("img"), overlay = figure.querySelector(".overlay");
  const trouble = figure.querySelector(".no-picture"), age = figure.querySelector("[data-age]");
  const closed = figure.querySelector("[data-closed]"); // says that a reason is needed
  let shown = image.dataset.at ?? null, shownAt = 0, drawn = null, kept = "", timer = 0, busy = false, onScreen = true;
  let askAt = closed.hidden ? 0 : performance.now() + CLOSED_MS;

  function showAge() {
    if (!shownAt) return;
    const seconds = Math.max(0, Math.round((performance.now() - shownAt) / 1000));
    const text = fill(words.picture_age, { age: seconds < 100 ? several(words.seconds, seconds) : several(words.units.minute, Math.round(seconds / 60)) });
    if (age.textContent !== text) age.textContent = text;
    figure.classList.toggle("old", seconds > OLD_S);
  }

  function fault(text) {
    trouble.hidden = !text;
    if (text) trouble.querySelector("[data-trouble]").textContent = text;
  }

  function forget() {
    image.hidden = true;
    image.removeAttribute("src");
    if (kept) URL.revokeObjectURL(kept);
    overlay.replaceChildren();
    [shown, drawn, shownAt, kept] = [null, null, 0, ""];
    age.textContent = "";
  }

  async function fetchPicture(view) {
    const answer = await fetch(figure.dataset.picture, { cache: "no-store" });
    if (!answer.ok || answer.headers.get("ETag") !== `"${view.at}"`) return; // already a newer one: next round
    const old = kept;
    kept = URL.createObjectURL(await answer.blob());
    image.src = kept;
    image.hidden = false;
    await image.decode().catch(() => {});
    if (old) URL.revokeObjectURL(old);
    shown = view.at;
  }

  async function look() {
    const answer = await fetch(figure.dataset.view, { cache: "no-store" });
    const view = answer.ok || answer.status === 403 ? await answer.json().catch(() => ({})) : {};
    closed.hidden = !view.reason_needed;
    if (view.reason_needed) {
      askAt = performance.now() + CLOSED_MS;
      forget();
      fault("");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    if (view.at === null) {
      forget();
    } else {
      if (view.at !== shown) await fetchPicture(view);
      if (view.at === shown) {
        shownAt = performance.now() - view.age_s * 1000;
        if (drawn !== shown) draw(overlay, view, names);
        drawn = shown;
      }
    }
    fault(view.trouble);
  }

  async function round() {
    clearTimeout(timer);
    if (busy || document.hidden || !onScreen) return;
    const wait = askAt - performance.now();
    if (wait > 0) {
      timer = setTimeout(round, wait);
      return;
    }
    busy = true;
    try {
      await look();
    } catch {
      fault(words.picture_failed);
    }
    busy = false;
    showAge();
    timer = setTimeout(round, EVERY_MS);
  }

  document.addEventListener("visibilitychange", round);
  new IntersectionObserver((entries) => {
    onScreen = entries.at(-1).isIntersecting;
    round();
  }).observe(figure);
  setInterval(() => document.hidden || showAge(), 1000);
}
