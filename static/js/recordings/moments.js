// Stretches of a recorded day: what is at a moment, and where the next recording is. Moments are seconds of the day.

export const RECORDED = "recorded";

/** @typedef {{ from: number, until: number, what: string }} Stretch */

/**
 * Takes what the server sends of a day.
 * @param {{ begins: number, stretches: [number, number, string][] }} strip in Unix seconds
 * @returns {Stretch[]}
 */
export const stretchesOf = ({ begins, stretches }) => stretches.map(([from, until, what]) => ({ from: from - begins, until: until - begins, what }));

/** @param {Stretch[]} stretches @param {number} at @returns {Stretch | undefined} */
export const stretchAt = (stretches, at) => stretches.find(({ from, until }) => from <= at && at < until);

/** @param {Stretch[]} stretches @param {number} at */
export const recordedAt = (stretches, at) => stretchAt(stretches, at)?.what === RECORDED;

/** Returns when the next recording begins that is not under way at this moment, null without one. @param {Stretch[]} stretches @param {number} at */
export function nextStart(stretches, at) {
  const next = stretches.find(({ from, what }) => what === RECORDED && from > at);
  return next ? next.from : null;
}

/** Returns the moment at or after this one at which something is recorded, null without one. @param {Stretch[][]} days @param {number} at */
export function nextRecorded(days, at) {
  const starts = days.map((one) => (recordedAt(one, at) ? at : nextStart(one, at))).filter((one) => one !== null);
  return starts.length ? Math.min(...starts) : null;
}
