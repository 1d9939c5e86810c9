import { openQueue } from "../../../static/js/core/queue.js";
import { equal, test } from "./cases.js";

const entry = (/** @type {string} */ uuid) => ({ uuid, send: "/", check: "1", kind: "mark", said_at: "2026-11-20T01:00:00Z" });
const uuids = async (/** @type {{ all(): Promise<any[]> }} */ queue) => (await queue.all()).map(({ uuid }) => uuid);

test("entries stay in their order and outlive the page's queue", async () => {
  const queue = await openQueue("sidak-queue", "ani");
  for (const uuid of ["a", "b", "c"]) await queue.add(entry(uuid));
  equal(await uuids(await openQueue("sidak-queue", "ani")), ["a", "b", "c"]);
  for (const { id } of await queue.all()) await queue.remove(Number(id));
  equal(await uuids(queue), []);
});

test("another user of the phone neither sees nor sends them", async () => {
  const [budi, citra] = [await openQueue("sidak-queue", "budi"), await openQueue("sidak-queue", "citra")];
  await budi.add(entry("of Budi"));
  equal([await uuids(budi), await uuids(citra)], [["of Budi"], []]);
  for (const { id } of await budi.all()) await budi.remove(Number(id));
});

test("a picture is kept with its entry", async () => {
  const queue = await openQueue("sidak-queue", "dewi");
  await queue.add({ ...entry("picture"), picture: new Blob(["jpeg"], { type: "image/jpeg" }) });
  const [kept] = await queue.all();
  equal(await kept.picture?.text(), "jpeg");
  await queue.remove(Number(kept.id));
});
