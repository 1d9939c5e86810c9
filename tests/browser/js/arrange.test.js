import { arrangeOffices, byKey } from "../../../static/js/board/arrange.js";
import { equal, test } from "./cases.js";

const ALL = { query: "", kecamatan: "", groups: [] };
const office = (/** @type {string} */ name, /** @type {string} */ group, more = {}) => (
  { name, group, state: group, code: "16.71.01", trouble: "", visibility: "", serving: false, names: name, ...more });
const OFFICES = [
  office("kemang", "unknown", { trouble: "12026-11-20T00:00:00.000+00:00" }),
  office("ulu", "absent", { trouble: "02026-11-20T02:00:00.000+00:00", code: "16.71.02" }),
  office("ilir", "late", { trouble: "02026-11-20T01:00:00.000+00:00" }),
  office("lebak", "grace"),
  office("siring", "staffed", { code: "16.71.02" }),
  office("baru", "none", { trouble: "" }),
];
const names = (/** @type {Iterable<{ name: string }>} */ found) => [...found].map(({ name }) => name);

test("the longest in trouble comes first and cameras after counters", () => {
  equal(names(arrangeOffices(OFFICES, ALL, 24).troubled), ["ilir", "ulu", "kemang"]);
});

test("each office is counted once, whatever is filtered", () => {
  const counted = { troubled: 3, unknown: 1, absent: 1, late: 1, grace: 1, staffed: 1, none: 1, more: 0, grey: 1 };
  equal(arrangeOffices(OFFICES, ALL, 24).counts, counted);
  equal(arrangeOffices(OFFICES, { ...ALL, query: "ilir" }, 24).counts, { ...counted, grey: 0, one: 1 });
  equal(arrangeOffices(OFFICES, { ...ALL, query: "xyz" }, 24).counts, { ...counted, grey: 0, many: 0 });
});

test("filters narrow together", () => {
  equal(names(arrangeOffices(OFFICES, { ...ALL, kecamatan: "16.71.02" }, 24).shown), ["ulu", "siring"]);
  equal(names(arrangeOffices(OFFICES, { ...ALL, groups: ["absent", "grace"] }, 24).shown), ["ulu", "lebak"]);
  equal(names(arrangeOffices(OFFICES, { query: "ulu", kecamatan: "16.71.02", groups: ["staffed"] }, 24).shown), []);
});

test("a search and a kecamatan say whose indications are shown, a group does not", () => {
  equal(names(arrangeOffices(OFFICES, { query: "ulu", kecamatan: "", groups: ["staffed"] }, 24).named), ["ulu"]);
  equal(arrangeOffices(OFFICES, { ...ALL, groups: ["staffed"] }, 24).named.size, OFFICES.length);
});

test("a section counts what is shown of it, and has all of its offices", () => {
  const { sections } = arrangeOffices(OFFICES, { ...ALL, query: "ulu" }, 24);
  equal([...sections].map(([code, { shown, all }]) => [code, shown, names(all)]),
    [["16.71.01", 0, ["kemang", "ilir", "lebak", "baru"]], ["16.71.02", 1, ["ulu", "siring"]]]);
});

test("more cards than the limit are one click away, and all are there when a group is chosen", () => {
  const some = arrangeOffices(OFFICES, ALL, 2);
  equal([names(some.troubled), some.counts.more], [["ilir", "ulu"], 1]);
  const all = arrangeOffices(OFFICES, { ...ALL, groups: ["late", "absent", "unknown"] }, 2);
  equal([all.troubled.length, all.counts.more], [3, 0]);
});

test("a sort key orders as text does in Python", () => {
  const keys = ["9", "02026-11-20T01:00:00.000+00:00", "0916.71.01", "02026-11-20T00:59:59.999+00:00"];
  equal(keys.map((order) => ({ order })).sort(byKey("order")).map(({ order }) => order), [keys[3], keys[1], keys[2], keys[0]]);
});
