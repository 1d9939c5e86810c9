// Which pins would overlap on the screen, which pin lies in a direction, and what an outline holds. Points are in pixels, y
// downwards.

/** @typedef {{ x: number, y: number }} Point */

const FLATTER = 0.7; // pins that are gathered are wider than high, so points side by side need more room

/** @param {Point} one @param {Point} other */
const apart = (one, other) => Math.hypot((one.x - other.x) * FLATTER, one.y - other.y);

/**
 * Gathers points until all are at least `gap` apart, the nearest first. The result depends on the points alone, so that
 * no pin moves when states change.
 * @template T
 * @param {{ point: Point, item: T }[]} points
 * @param {number} gap pixels, measured upwards
 * @returns {{ point: Point, items: T[] }[]} the middle of each gathering, and what is in it
 */
export function gather(points, gap) {
  const groups = points.map(({ point, item }) => ({ point, items: [item] }));
  for (;;) {
    let nearest = gap, pair = [-1, -1];
    for (let one = 0; one < groups.length; one += 1) {
      for (let other = one + 1; other < groups.length; other += 1) {
        const length = apart(groups[one].point, groups[other].point);
        if (length < nearest) [nearest, pair] = [length, [one, other]];
      }
    }
    const [into, from] = pair;
    if (into < 0) return groups;
    const [gone] = groups.splice(from, 1), kept = groups[into];
    const share = gone.items.length / (gone.items.length + kept.items.length);
    groups[into] = {
      point: { x: kept.point.x + (gone.point.x - kept.point.x) * share, y: kept.point.y + (gone.point.y - kept.point.y) * share },
      items: [...kept.items, ...gone.items],
    };
  }
}

/** @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Returns the nearest point in the direction of an arrow key, within 45° to either side; undefined if there is none.
 * @template {Point} T @param {T[]} points @param {Point} from @param {string} key
 * @returns {T | undefined}
 */
export function towards(points, from, key) {
  const [right, down] = DIRECTIONS[key] ?? [0, 0];
  let nearest = Infinity, found;
  for (const point of points) {
    const x = point.x - from.x, y = point.y - from.y, length = Math.hypot(x, y);
    const ahead = x * right + y * down;
    if (ahead <= 0 || ahead < length * Math.SQRT1_2 - 1e-9 || length >= nearest) continue;
    [nearest, found] = [length, point];
  }
  return found;
}

/** Returns whether a point is inside an odd number of rings. @param {Point} point @param {Point[][]} rings */
export function holds({ x, y }, rings) {
  let odd = false;
  for (const ring of rings) {
    ring.forEach((one, n) => {
      const next = ring[(n + 1) % ring.length];
      if (one.y > y !== next.y > y && x < one.x + ((y - one.y) / (next.y - one.y)) * (next.x - one.x)) odd = !odd;
    });
  }
  return odd;
}
