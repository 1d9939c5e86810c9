// One timer for the page. Times are counted by the server's clock: a wall's own may be wrong by hours.
import { duration } from "./words.js";

let ahead = 0; // milliseconds by which the server's clock is ahead of this one

export const now = () => Date.now() + ahead;

/** @param {string} iso */
export function serverSays(iso) {
  ahead = Date.parse(iso) - Date.now();
}

/** Writes the length from data-from to data-until, or to now. @param {HTMLElement} element */
export function writeElapsed(element) {
  const { from, until } = element.dataset;
  const text = from ? duration(((until ? Date.parse(until) : now()) - Date.parse(from)) / 1000) : "";
  if (element.textContent !== text) element.textContent = text;
}

export function tick() {
  for (const element of document.querySelectorAll("[data-from]")) writeElapsed(element);
}

/** @param {string} iso the server's time */
export function startClock(iso) {
  serverSays(iso);
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
