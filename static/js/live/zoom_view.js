// The position of a zoomed picture in its frame.

export const MOST = 6; // largest scale

/**
 * `x`, `y`: the picture's upper left corner as shares of the frame, 0 or less.
 * @typedef {{ scale: number, x: number, y: number }} View
 */

/** @type {View} */
export const WHOLE = { scale: 1, x: 0, y: 0 };

/** Moves by shares of the frame, as long as the frame stays filled.
 * @param {View} view @param {number} dx @param {number} dy @returns {View} */
export function pan({ scale, x, y }, dx, dy) {
  const least = 1 - scale;
  return { scale, x: Math.min(0, Math.max(least, x + dx)), y: Math.min(0, Math.max(least, y + dy)) };
}

/** Multiplies the scale, from 1 to MOST; the point (px, py), shares of the frame, stays where it is.
 * @param {View} view @param {number} factor @param {number} px @param {number} py @returns {View} */
export function zoomAt({ scale, x, y }, factor, px = 0.5, py = 0.5) {
  const wanted = Math.min(MOST, Math.max(1, scale * factor)), by = wanted / scale;
  return pan({ scale: wanted, x: px - (px - x) * by, y: py - (py - y) * by }, 0, 0);
}
