import { now, serverSays, writeElapsed } from "../../../static/js/core/clock.js";
import { equal, test } from "./cases.js";

const element = (/** @type {Record<string, string>} */ data) => {
  const made = document.createElement("span");
  Object.assign(made.dataset, data);
  return made;
};

test("time is counted by the server's clock, however wrong this one is", () => {
  serverSays("2026-11-20T01:00:00.000Z");
  const off = now() - Date.parse("2026-11-20T01:00:00.000Z");
  equal(off >= 0 && off < 1000, true);
});

test("a length is counted to its end, or to the server's now", () => {
  serverSays("2026-11-20T01:00:30.000Z");
  const open = element({ from: "2026-11-20T00:42:00.000Z" });
  const ended = element({ from: "2026-11-20T00:42:00.000Z", until: "2026-11-20T00:47:00.000Z" });
  const nothing = element({ from: "" });
  for (const one of [open, ended, nothing]) writeElapsed(one);
  equal([open, ended, nothing].map((one) => one.textContent), ["18 menit", "5 menit", ""]);
});

test("an unchanged length is not written again", () => {
  serverSays("2026-11-20T01:00:30.000Z");
  const open = element({ from: "2026-11-20T00:42:00.000Z" });
  writeElapsed(open);
  const { firstChild } = open;
  writeElapsed(open);
  equal(open.firstChild === firstChild, true);
});
