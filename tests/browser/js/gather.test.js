import { gather, holds, towards } from "../../../static/js/map/gather.js";
import { equal, test } from "./cases.js";

/** @param {number} x @param {number} y @param {string | number} item */
const at = (x, y, item) => ({ point: { x, y }, item });

test("points that are far apart stay where they are", () => {
  const found = gather([at(0, 0, "a"), at(100, 0, "b"), at(0, 100, "c")], 38);
  equal(found.map(({ items }) => items), [["a"], ["b"], ["c"]]);
  equal(found[1].point, { x: 100, y: 0 });
});

test("points that overlap are gathered at their middle", () => {
  const [one, ...others] = gather([at(0, 0, "a"), at(10, 0, "b"), at(20, 30, "c")], 38);
  equal(others.length, 0);
  equal([...one.items].sort(), ["a", "b", "c"]);
  equal([Math.round(one.point.x), Math.round(one.point.y)], [10, 10]);
});

test("side by side points need more room than points above each other", () => {
  equal(gather([at(0, 0, "a"), at(40, 0, "b")], 38).length, 1);
  equal(gather([at(0, 0, "a"), at(0, 40, "b")], 38).length, 2);
});

test("a hundred points in a small square end apart from each other", () => {
  /** @type {{ point: { x: number, y: number }, item: any }[]} */
  const points = Array.from({ length: 107 }, (_, n) => at((n * 37) % 300, (n * 53) % 300, n));
  const found = gather(points, 38);
  equal(found.flatMap(({ items }) => items).sort((one, other) => one - other), points.map(({ item }) => item));
  for (const one of found) {
    for (const other of found) {
      const far = Math.hypot((one.point.x - other.point.x) * 0.7, one.point.y - other.point.y);
      equal(one === other || far >= 38, true);
    }
  }
});

test("an arrow key goes to the nearest pin in its direction", () => {
  const points = [{ x: 0, y: 0 }, { x: 50, y: 10 }, { x: 20, y: 90 }, { x: 80, y: 0 }];
  equal(towards(points, points[0], "ArrowRight"), points[1]);
  equal(towards(points, points[0], "ArrowDown"), points[2]);
  equal(towards(points, points[0], "ArrowUp"), undefined);
  equal(towards(points, points[3], "ArrowLeft"), points[1]);
  equal(towards(points, points[0], "Enter"), undefined);
});

test("an outline holds what is inside it and not what is in its hole", () => {
  const square = (/** @type {number} */ from, /** @type {number} */ to) => [[from, from], [to, from], [to, to], [from, to]].map(([x, y]) => ({ x, y }));
  equal(holds({ x: 5, y: 5 }, [square(0, 10)]), true);
  equal(holds({ x: 15, y: 5 }, [square(0, 10)]), false);
  equal(holds({ x: 5, y: 5 }, [square(0, 10), square(4, 6)]), false);
});
