// What is known of moments of an office's day. Times are Unix seconds; the day is office_day.py's ScrubberDay.

/**
 * @typedef {[kind: string, start: number, end: number]} Piece
 * @typedef {[at: number, counter: number, text: string, kind: string]} DayEvent
 * @typedef {[id: number, at: number, length: number, counter: number, label: string, indication: number]} Picture
 * @typedef {{now: number, counters: [string, Piece[]][], events: DayEvent[], pictures: Picture[], files: string,
 *   indications: string, words: Record<string, string>}} Day
 */

const NEAR = 60; // seconds between a moment and a picture that shows it

/** Returns the first opening and the last closing, or now before it; null on a day without duty. @param {Day} day */
export function boundsOf(day) {
  const pieces = day.counters.flatMap(([, own]) => own);
  if (!pieces.length) return null;
  const start = Math.min(...pieces.map((piece) => piece[1]));
  const end = Math.max(...pieces.map((piece) => piece[2]));
  return { start, end, reached: Math.max(start, Math.min(end, day.now)) };
}

/** Whether counters are named, as more than one was watched. @param {Day} day */
export const isOneOfSeveral = (day) => day.counters.filter(([, pieces]) => pieces.length).length > 1;

/** Returns the state of a counter and since when it lasts. @param {Piece[]} pieces @param {number} at */
export function stateAt(pieces, at) {
  // Of now, and of the closing, the piece that has just ended.
  const found = pieces.find(([kind, start, end]) => start <= at && at < end && !(kind === "ahead" && start === at))
    ?? pieces.find((piece) => piece[2] === at);
  return found ? { kind: found[0], since: found[1] } : { kind: "closed", since: null };
}

/** Returns the whole minute that is `minutes` away from a moment. @param {number} at @param {number} minutes */
export function stepped(at, minutes) {
  const whole = minutes > 0 ? Math.floor(at / 60) : Math.ceil(at / 60);
  return (whole + minutes) * 60;
}

/** Returns the moment of the next (1) or previous (-1) event, null if there is none. @param {Day} day @param {number} at @param {number} way */
export function nextEvent(day, at, way) {
  const moments = day.events.map((event) => event[0]).filter((moment) => (moment - at) * way > 0);
  return moments.length ? (way > 0 ? Math.min(...moments) : Math.max(...moments)) : null;
}

/** How far a picture is from a moment: 0 within a clip. @param {Picture} picture @param {number} at */
const distance = ([, begin, length], at) => Math.max(begin - at, at - begin - length, 0);

/** Returns the picture nearest to a moment, null if there is none. @param {Picture[]} pictures @param {number} at */
export function nearest(pictures, at) {
  return pictures.reduce(
    (/** @type {Picture | null} */ best, one) => (!best || distance(one, at) < distance(best, at) ? one : best), null);
}

/** Returns the still and the clip that show a moment, null where there is none. @param {Day} day @param {number} at */
export function shownAt(day, at) {
  /** @param {Picture[]} pictures */
  const near = (pictures) => nearest(pictures.filter((one) => distance(one, at) <= NEAR), at);
  return { still: near(day.pictures.filter((one) => !one[2])), clip: near(day.pictures.filter((one) => one[2])) };
}
