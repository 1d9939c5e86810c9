// The websocket of the board, the wall and the office page: sets the page's clock, shows incidents, and while the
// connection is broken shows how old the page is. Messages: discipline/board/consumers.py.
import { now, serverSays } from "./clock.js";
import { showFleet, showIncident, showStill } from "./incident.js";
import { fresh } from "./kept.js";
import { NOT_LOGGED_IN, TOO_MANY, openReconnecting } from "./reconnecting.js";
import { fill, hourWithZone, words } from "./words.js";

/**
 * Follows the board's rows. Reconnects when a message is missing (version and follows in discipline/board/consumers.py).
 *
 * @param {string} path
 * @param {(message: any) => void} onRows called with each snapshot and patch; the first on each connection is a snapshot
 * @param {object} [more]
 * @param {(message: any) => void} [more.onOther] any other message
 * @param {(buffer: ArrayBuffer) => void} [more.onBinary]
 * @param {() => void} [more.onOpen]
 * @returns {{send(message: any): boolean}} false, and nothing sent, while the connection is broken
 */
export function followRows(path, onRows, { onOther, onBinary, onOpen } = {}) {
  const note = document.getElementById("freshness");
  let receivedAt = Date.parse(note.dataset.now);

  /** @param {string} text */
  function show(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  let version = 0; // of the last message on this connection
  const connection = openReconnecting(path, {
    onOpen() {
      version = 0;
      onOpen?.();
    },
    onBinary,
    onMessage(message) {
      if (message.type !== "snapshot" && message.follows !== version) {
        connection.reopen();
        return;
      }
      version = message.version;
      serverSays(message.now);
      receivedAt = now();
      connection.working();
      show("");
      fresh();
      if ("incident" in message) {
        showIncident(message.incident);
        showFleet(message.fleet);
        showStill(message.still);
      }
      if ("rows" in message) onRows(message);
      else onOther?.(message);
    },
    onLost: (code) => show(code === TOO_MANY ? words.too_many : fill(words.stale, { at: hourWithZone(receivedAt) })),
    onRefused(code) {
      if (code === NOT_LOGGED_IN) location.reload(); // the server redirects to the login and back
      else show(words.refused);
    },
  });
  return { send: connection.send };
}
