// The websocket of one live camera: tells the server how much has arrived. Messages: streams/live/consumers.py.
import { NOT_ALLOWED, NOT_LOGGED_IN, openReconnecting } from "../core/reconnecting.js";

const REASON_NEEDED = 4409;
/** @type {Record<number, string>} */
const REFUSALS = { [NOT_LOGGED_IN]: "logged_out", [NOT_ALLOWED]: "refused", [REASON_NEEDED]: "reason" };
const LIMITS = { longestMs: 15_000, silentMs: 30_000, finalCodes: Object.keys(REFUSALS).map(Number) };

/**
 * @param {string} path
 * @param {Record<string, string>} query
 * @param {object} on
 * @param {(message: any) => void} on.said
 * @param {(buffer: ArrayBuffer) => void} on.came
 * @param {() => void} on.lost
 * @param {(how: string) => void} on.refused "logged_out", "refused" or "reason"
 * @returns {() => void} closes it
 */
export function openLine(path, query, { said, came, lost, refused }) {
  let got = 0; // bytes on the present connection
  const connection = openReconnecting(`${path}?${new URLSearchParams(query)}`, {
    onOpen() { got = 0; },
    onMessage: said,
    onBinary(buffer) {
      got += buffer.byteLength;
      connection.send({ got });
      connection.working();
      came(buffer);
    },
    onLost: lost,
    onRefused: (code) => refused(REFUSALS[code]),
  }, LIMITS);
  return connection.close;
}
