import { pace } from "../../../static/js/live/screen.js";
import { MOST, WHOLE, pan, zoomAt } from "../../../static/js/live/zoom_view.js";
import { equal, near, test } from "./cases.js";

test("a video near the present plays as it is, and one behind a little faster", () => {
  equal(pace(9.7, 0, 10), { rate: 1 });
  equal(pace(9.2, 0, 10), { rate: 1.1 });
});

test("a video far behind jumps near the end, and never before what is there", () => {
  near(Number(pace(5, 0, 10).jumpTo), 9.65);
  equal(pace(1, 9.9, 10), { jumpTo: 9.9 });
});

test("a gap is jumped over", () => equal(pace(9.5, 9.8, 10).rate, undefined));

test("the point under the finger stays where it is", () => {
  const view = zoomAt(WHOLE, 2, 0.25, 0.75);
  near((0.25 - view.x) / view.scale, 0.25);
  near((0.75 - view.y) / view.scale, 0.75);
});

test("the scale stays between whole and the most", () => {
  equal(zoomAt(WHOLE, 1 / 3), WHOLE);
  equal(zoomAt(WHOLE, 100).scale, MOST);
  equal(zoomAt(zoomAt(WHOLE, 3, 0.9, 0.1), 0), WHOLE);
});

test("the frame stays filled", () => {
  const view = zoomAt(WHOLE, 2);
  equal([pan(view, 5, -5).x, pan(view, 5, -5).y], [0, -1]);
  equal(pan(WHOLE, 0.5, 0.5), WHOLE);
});
