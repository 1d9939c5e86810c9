// The board's, wall's and office's websocket: sets the page's clock, shows incidents, and while the connection is broken
// how old the page is. The messages: discipline/board/consumers.py.
import { now, serverSays } from "./clock.js";
import { showIncident } from "./incident.js";
import { fresh } from "./kept.js";
import { NOT_LOGGED_IN, openReconnecting } from "./reconnecting.js";
import { fill, hourWithZone, words } from "./words.js";

/**
 * A connection on which a message is missing (discipline/board/consumers.py: version, follows) is opened again.
 *
 * @param {string} path
 * @param {(message: any) => void} onRows a snapshot or a patch; the first of them on each connection is a snapshot
 * @param {object} [more]
 * @param {(message: any) => void} [more.onOther] any other message
 * @param {(buffer: ArrayBuffer) => void} [more.onBinary]
 * @param {() => void} [more.onOpen]
 * @returns {{send(message: any): boolean}} false, and nothing sent, while the connection is broken
 */
export function followRows(path, onRows, { onOther, onBinary, onOpen } = {}) {
  const note = document.getElementById("freshness");
  let heardAt = Date.parse(note.dataset.now);

  /** @param {string} text */
  function show(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  let version = 0; // of the board, as this connection has sent it
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
      heardAt = now();
      connection.working();
      show("");
      fresh();
      if ("incident" in message) showIncident(message.incident);
      if ("rows" in message) onRows(message);
      else onOther?.(message);
    },
    onLost: () => show(fill(words.stale, { at: hourWithZone(heardAt) })),
    onRefused(code) {
      if (code === NOT_LOGGED_IN) location.reload(); // the server leads to the login and back here
      else show(words.refused);
    },
  });
  return { send: connection.send };
}
