// Sends the queued entries one after another, the oldest first, until the server has accepted each. The server counts an
// entry once by its key, so one without an answer is simply sent again.
/** @import { Entry, Store } from "./queue.js" */

const FIRST_MS = 2000, LONGEST_MS = 30_000, PATIENCE_MS = 30_000;

export const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]*)/)?.[1] ?? "";

/**
 * Posts a form. @param {string} address @param {FormData} body
 * @returns {Promise<{ answer: Response, json: any } | null>} null without an answer
 */
export async function post(address, body) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    return null;
  }
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  return { answer, json: isJson ? await answer.json().catch(() => null) : null };
}

/**
 * What became of an entry; refused: the reason.
 * @typedef {"sent" | "login" | "later" | { refused: string }} Outcome
 */

/**
 * Makes the sender of a queue. It also runs when the network returns and when the page is shown again.
 * @param {string} name of the queue: two open pages must not send from it at the same time
 * @param {Store} queue
 * @param {(entry: Entry) => Promise<Outcome>} send
 * @param {(progress: { waiting: Entry[], login?: boolean, sent?: Entry,
 *   refused?: string }) => void} changed called after each attempt; `login`: the session has ended
 * @returns {() => Promise<void>} sends what is queued
 */
export function makeSender(name, queue, send, changed) {
  let attempts = 0, timer = 0, busy = false;

  /** Returns whether the queue is empty. */
  async function sendAll() {
    for (;;) {
      const [first] = await queue.all();
      if (!first) return true;
      const outcome = await send(first);
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
    const done = navigator.locks ? await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && sendAll()) : await sendAll();
    busy = false;
    if (!done) timer = setTimeout(run, Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts++));
  }

  addEventListener("online", () => { attempts = 0; run(); });
  document.addEventListener("visibilitychange", () => document.hidden || run());
  return run;
}
