// Checks polygons as streams/pixels/shapes.py does, so that the editor can warn while the user draws.

/** @typedef {number[]} Point x, y as fractions of the picture; a polygon is a list of its corners in order */

/** @param {number} value */
export const clamp = (value) => Math.min(1, Math.max(0, value));

/** The area as a share of the picture. @param {Point[]} polygon */
export const area = (polygon) =>
  Math.abs(polygon.reduce((sum, [ax, ay], i) => {
    const [bx, by] = polygon[(i + 1) % polygon.length];
    return sum + ax * by - bx * ay;
  }, 0)) / 2;

/** Returns the side of the line ab on which c lies: positive, negative, or 0 on the line.
 * @param {Point} a @param {Point} b @param {Point} c */
const turn = (a, b, c) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
/** Whether c is in the bounding box of ab. @param {Point} a @param {Point} b @param {Point} c */
const between = (a, b, c) =>
  Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) &&
  Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1]);

/** Whether the segments ab and cd have a point in common.
 * @param {Point} a @param {Point} b @param {Point} c @param {Point} d */
function touch(a, b, c, d) {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (abc === 0 && between(a, b, c)) || (abd === 0 && between(a, b, d)) ||
    (cda === 0 && between(c, d, a)) || (cdb === 0 && between(c, d, b));
}

/** Whether the outline touches itself. @param {Point[]} polygon */
function crosses(polygon) {
  const size = polygon.length;
  for (let i = 0; i < size; i += 1) {
    const [a, b] = [polygon[i], polygon[(i + 1) % size]];
    for (let j = i + 1; j < size; j += 1) {
      const [c, d] = [polygon[j], polygon[(j + 1) % size]];
      const follows = j === i + 1, precedes = i === 0 && j === size - 1;
      if (!follows && !precedes) {
        if (touch(a, b, c, d)) return true;
        continue;
      }
      // Neighbouring edges share a corner; they overlap only if one folds back onto the other.
      const [corner, one, two] = follows ? [b, a, d] : [a, b, c];
      const back = (one[0] - corner[0]) * (two[0] - corner[0]) + (one[1] - corner[1]) * (two[1] - corner[1]);
      if (turn(corner, one, two) === 0 && (back > 0 || String(one) === String(corner) || String(two) === String(corner))) return true;
    }
  }
  return false;
}

/**
 * Returns "few_points", "outside", "crossing", "small", or "" if the polygon can be a zone.
 * @param {Point[]} polygon @param {{ minArea: number, minSide: number }} least minimum shares of the picture
 */
export function polygonProblem(polygon, { minArea, minSide }) {
  if (new Set(polygon.map(String)).size < 3) return "few_points";
  if (!polygon.flat().every((value) => value >= 0 && value <= 1)) return "outside";
  if (crosses(polygon)) return "crossing";
  const xs = polygon.map(([x]) => x), ys = polygon.map(([, y]) => y);
  const side = Math.min(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
  return area(polygon) < minArea || side < minSide ? "small" : "";
}
