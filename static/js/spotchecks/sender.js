// Sends the queued entries one after another, the oldest first, until the server has accepted each. The server counts an
// entry once by its uuid, so one without an answer is simply sent again.
/** @import { Entry, Store } from "./queue.js" */

const FIRST_MS = 2000, LONGEST_MS = 30_000, PATIENCE_MS = 30_000;
const LOCK = "sidak-queue"; // two open pages must not send at the same time

const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/)?.[1] ?? "";

/** @param {Entry} entry */
function body({ uuid, kind, place, mark, text, said_at, camera, live, picture }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ uuid, kind, place, mark, text, said_at, camera })) {
    if (value !== undefined) form.append(name, String(value));
  }
  if (live) form.append("live", "1");
  if (picture) form.append("picture", picture, "cuplikan.jpg");
  return form;
}

/** Sends one entry.
 * @param {Entry} entry
 * @returns {Promise<"sent" | "login" | "later" | { refused: string }>} refused: the reason */
async function post(entry) {
  let answer;
  try {
    answer = await fetch(entry.send, {
      method: "POST", body: body(entry), headers: { "X-CSRFToken": token() }, signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return "later";
  }
  const json = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json().catch(() => null) : null;
  if (answer.ok && json?.uuid) return "sent";
  if (json?.refused) return { refused: json.refused };
  if (answer.redirected || answer.status === 403) return "login";
  if (answer.status === 404 || answer.status === 413) return { refused: String(answer.status) };
  return "later";
}

/**
 * Makes the sender of a queue. It also runs when the network returns and when the page is shown again.
 * @param {Store} queue
 * @param {(progress: { waiting: Entry[], login?: boolean, sent?: Entry,
 *   refused?: string }) => void} changed called after each attempt; `login`: the session has ended
 * @returns {() => Promise<void>} sends what is queued
 */
export function makeSender(queue, changed) {
  let attempts = 0, timer = 0, busy = false;

  /** Returns whether the queue is empty. */
  async function sendAll() {
    for (;;) {
      const [first] = await queue.all();
      if (!first) return true;
      const outcome = await post(first);
      if (outcome === "later" || outcome === "login") {
        changed({ waiting: await queue.all(), login: outcome === "login" });
        return false;
      }
      await queue.remove(Number(first.id));
      attempts = 0;
      changed({ waiting: await queue.all(), sent: first, refused: outcome === "sent" ? undefined : outcome.refused });
    }
  }

  async function run() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    const done = navigator.locks ? await navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => lock && sendAll()) : await sendAll();
    busy = false;
    if (!done) timer = setTimeout(run, Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts++));
  }

  addEventListener("online", () => { attempts = 0; run(); });
  document.addEventListener("visibilitychange", () => document.hidden || run());
  return run;
}
