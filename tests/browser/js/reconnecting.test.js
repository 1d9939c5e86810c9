import { NOT_ALLOWED, TOO_MANY, backOff, openReconnecting, socketAddress } from "../../../static/js/core/reconnecting.js";
import { equal, test } from "./cases.js";

// tests/browser/test_js_units.py answers below /ws/: "count" greets each connection with its number and closes the
// first with what it was asked for.
const open = (/** @type {number} */ code, /** @type {object} */ more = {}) => new Promise((resolve) => {
  /** @type {string[]} */
  const seen = [];
  const connection = openReconnecting(`/ws/count?code=${code}&of=${crypto.randomUUID()}`, {
    onOpen: () => seen.push("open"),
    onMessage: ({ number }) => {
      seen.push(`message ${number}`);
      if (number === 2) resolve({ seen, connection });
    },
    onLost: () => seen.push(`lost, sent ${connection.send("x")}`),
    onRefused: (refused) => {
      seen.push(`refused ${refused}`);
      resolve({ seen, connection });
    },
  }, more);
});

test("waiting is doubled each time, at most to the longest, and differs from page to page", () => {
  equal([0, 1, 2, 3].map((n) => backOff(n, 30_000, 1)), [1000, 2000, 4000, 8000]);
  equal([0, 1, 20].map((n) => backOff(n, 30_000, 0)), [250, 500, 7500]);
});

test("the address is this host's, encrypted where the page is", () => {
  equal(socketAddress("/ws/papan/?a=1", "https://sidak.example/kantor/1/?q=2#3"), "wss://sidak.example/ws/papan/?a=1");
  equal(socketAddress("/ws/papan/", "http://127.0.0.1:8000/"), "ws://127.0.0.1:8000/ws/papan/");
});

test("a connection that broke is opened again, and nothing is sent meanwhile", async () => {
  const { seen, connection } = await open(1011);
  connection.close();
  equal(seen, ["open", "message 1", "lost, sent false", "open", "message 2"]);
});

test("one that is refused is not opened again", async () => {
  const { seen, connection } = await open(NOT_ALLOWED);
  await new Promise((resolve) => { setTimeout(resolve, 700); });
  equal([seen, connection.send("x")], [["open", "message 1", "refused 4403"], false]);
});

test("one of too many is opened again after the longest wait", async () => {
  const began = performance.now();
  const { seen, connection } = await open(TOO_MANY, { longestMs: 8000 });
  connection.close();
  equal([seen, performance.now() - began >= 2000], [["open", "message 1", "lost, sent false", "open", "message 2"], true]);
});

test("one on which nothing comes is given up", async () => {
  const { seen, connection } = await open(0, { silentMs: 200 });
  connection.close();
  equal(seen, ["open", "message 1", "lost, sent false", "open", "message 2"]);
});
