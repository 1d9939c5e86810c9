// The page's words are Indonesian: discipline/board/words.py.
import { dayHeading, duration, fill, hour, hourWithZone, several } from "../../../static/js/core/words.js";
import { equal, test } from "./cases.js";

test("blanks are filled by name", () => {
  equal(fill("%(n)s dari %(all)s, %(n)s", { n: 2, all: 5 }), "2 dari 5, 2");
});

test("one is singular and none is plural", () => {
  equal([0, 1, 2].map((n) => several(["%(n)s day", "%(n)s days"], n)), ["0 days", "1 day", "2 days"]);
});

test("a length of time has whole minutes and no empty parts", () => {
  equal(duration(59), "< 1 menit");
  equal(duration(-5), "< 1 menit");
  equal(duration(18 * 60 + 59), "18 menit");
  equal(duration(2 * 3600), "2 jam");
  equal(duration(2 * 3600 + 5 * 60), "2 jam 5 menit");
  equal(duration(86_400 + 60), "1 hari 1 menit");
});

test("days have the headings that people use", () => {
  const now = Date.parse("2026-11-23T17:05:00Z"); // Tuesday 24 November 00.05 WIB
  const heading = (iso) => dayHeading(Date.parse(iso), now);
  equal(heading("2026-11-23T17:00:00Z"), "Hari ini");
  equal(heading("2026-11-23T16:59:59Z"), "Kemarin");
  equal(heading("2026-11-22T16:59:59Z"), "Min 22 Nov");
  equal(heading("2026-08-03T02:00:00Z"), "Sen 3 Agu");
  equal(heading("2025-11-24T02:00:00Z"), "Sen 24 Nov 2025");
});

test("a time of day is that of the city, with a dot", () => {
  const moment = Date.parse("2026-11-20T00:30:00Z");
  equal(hour(moment), "07.30");
  equal(hourWithZone(moment), "07.30 WIB");
  equal(hour(Date.parse("2026-11-20T17:05:00Z")), "00.05");
});
