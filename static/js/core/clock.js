// The page's clock and its one timer. It runs by the server's time: a television's own clock may be wrong by hours.
import { duration } from "./words.js";

let ahead = 0; // milliseconds by which the server's clock is ahead of this one

export const now = () => Date.now() + ahead;

/** Sets the clock. @param {string} iso the server's time */
export function serverSays(iso) {
  ahead = Date.parse(iso) - Date.now();
}

/** Writes the duration from data-from to data-until, or to now. @param {HTMLElement} element */
export function writeElapsed(element) {
  const { from, until } = element.dataset;
  const text = from ? duration(((until ? Date.parse(until) : now()) - Date.parse(from)) / 1000) : "";
  if (element.textContent !== text) element.textContent = text;
}

/** Updates all durations of the page. */
export function tick() {
  for (const element of document.querySelectorAll("[data-from]")) writeElapsed(element);
}

/** Sets the clock and starts the timer. @param {string} iso the server's time */
export function startClock(iso) {
  serverSays(iso);
  setInterval(() => document.hidden || tick(), 1000);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
