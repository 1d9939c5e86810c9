import { area, clamp, polygonProblem } from "../../../static/js/core/geometry.js";
import { equal, near, test } from "./cases.js";

const LEAST = { minArea: 0.004, minSide: 0.04 };
const SQUARE = [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]];

test("a point is kept inside the picture", () => equal([-1, 0.5, 2].map(clamp), [0, 0.5, 1]));

test("the area does not depend on the direction", () => {
  near(area(SQUARE), 0.16);
  near(area([...SQUARE].reverse()), 0.16);
});

test("a square can be a zone", () => equal(polygonProblem(SQUARE, LEAST), ""));

test("two different points are too few", () => {
  equal(polygonProblem([[0, 0], [1, 1], [0, 0]], LEAST), "few_points");
});

test("a corner outside the picture is refused", () => {
  equal(polygonProblem([[0, 0], [1.1, 0], [1, 1]], LEAST), "outside");
});

test("sides that cross are refused, and one that folds back", () => {
  equal(polygonProblem([[0, 0], [1, 1], [1, 0], [0, 1]], LEAST), "crossing");
  equal(polygonProblem([[0, 0], [0.8, 0], [0.4, 0], [0.4, 0.8]], LEAST), "crossing");
});

test("a speck and a hair are too small", () => {
  equal(polygonProblem([[0, 0], [0.05, 0], [0.05, 0.05], [0, 0.05]], LEAST), "small");
  equal(polygonProblem([[0, 0], [0.9, 0], [0.9, 0.03], [0, 0.03]], LEAST), "small");
});
