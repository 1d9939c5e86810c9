// Sends an entry of a round.
/** @import { Outcome } from "../core/sender.js" */
import { post } from "../core/sender.js";

export const QUEUE = "sidak-queue"; // phones in use have a queue of this name

/**
 * An entry of a round.
 * @typedef {{ id?: number, owner?: string, uuid: string, send: string, check: string, kind?: string, said_at: string,
 *   place?: number, mark?: string, text?: string, camera?: string, live?: boolean, picture?: Blob }} Entry
 */

/** @param {any} entry an Entry */
function body({ uuid, kind, place, mark, text, said_at, camera, live, picture }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ uuid, kind, place, mark, text, said_at, camera })) {
    if (value !== undefined) form.append(name, String(value));
  }
  if (live) form.append("live", "1");
  if (picture) form.append("picture", picture, "cuplikan.jpg");
  return form;
}

/** @param {any} entry an Entry @returns {Promise<Outcome>} */
export async function sendEntry(entry) {
  const outcome = await post(entry.send, body(entry));
  if (!outcome) return "later";
  const { answer, json } = outcome;
  if (answer.ok && json?.uuid) return "sent";
  if (json?.refused) return { refused: json.refused };
  if (answer.redirected || answer.status === 403) return "login";
  if (answer.status === 404 || answer.status === 413) return { refused: String(answer.status) };
  return "later";
}
