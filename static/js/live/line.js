// The websocket of one live camera. It reports to the server how much has arrived. Messages: streams/live/consumers.py.
import { NOT_ALLOWED, NOT_LOGGED_IN, openReconnecting } from "../core/reconnecting.js";

const REASON_NEEDED = 4409;
/** @type {Record<number, string>} */
const REFUSALS = { [NOT_LOGGED_IN]: "logged_out", [NOT_ALLOWED]: "refused", [REASON_NEEDED]: "reason" };
const LIMITS = { longestMs: 15_000, silentMs: 30_000, finalCodes: Object.keys(REFUSALS).map(Number) };

/**
 * Opens the connection to a camera.
 * @param {string} path
 * @param {Record<string, string>} query
 * @param {object} handlers
 * @param {(message: any) => void} handlers.onMessage
 * @param {(buffer: ArrayBuffer) => void} handlers.onBinary
 * @param {(code: number) => void} handlers.onLost
 * @param {(how: string) => void} handlers.onRefused "logged_out", "refused" or "reason"
 * @returns {() => void} closes it
 */
export function openLine(path, query, { onMessage, onBinary, onLost, onRefused }) {
  let got = 0; // bytes received on the present connection
  const connection = openReconnecting(`${path}?${new URLSearchParams(query)}`, {
    onOpen() { got = 0; },
    onMessage,
    onBinary(buffer) {
      got += buffer.byteLength;
      connection.send({ got });
      connection.working();
      onBinary(buffer);
    },
    onLost,
    onRefused: (code) => onRefused(REFUSALS[code]),
  }, LIMITS);
  return connection.close;
}
