// A websocket that reconnects by itself, for the board, the wall, the office page and the live player.

export const NOT_LOGGED_IN = 4401, NOT_ALLOWED = 4403, TOO_MANY = 4429;

const FIRST_MS = 1000;

const nothing = () => {};

/** Milliseconds to wait before the next attempt: doubled each time, then a random share between a quarter and all of it,
 * so that the pages of a whole city do not come back in the same moment.
 * @param {number} attempts @param {number} longestMs */
export function backOff(attempts, longestMs, random = Math.random()) {
  const wait = Math.min(longestMs, FIRST_MS * 2 ** attempts);
  return wait / 4 + random * wait * 3 / 4;
}

/** The address of a websocket on this page's host; `path` may have a query. @param {string} path */
export function socketAddress(path, page = location.href) {
  const address = new URL(path, page);
  address.protocol = address.protocol.replace("http", "ws");
  return address.href;
}

/**
 * Opens `path` and keeps it open.
 *
 * @param {string} path
 * @param {object} handlers
 * @param {(message: any) => void} handlers.onMessage a JSON message
 * @param {(buffer: ArrayBuffer) => void} [handlers.onBinary]
 * @param {() => void} [handlers.onOpen]
 * @param {(code: number) => void} [handlers.onLost] the connection broke; the next attempt is scheduled, late after TOO_MANY
 * @param {(code: number) => void} [handlers.onRefused] closed with one of `finalCodes`: it is not reopened
 * @param {object} [limits]
 * @param {number} [limits.longestMs] between two attempts
 * @param {number} [limits.silentMs] a connection without a message for so long is replaced
 * @param {number[]} [limits.finalCodes]
 * @returns {{send(message: any): boolean, working(): void, reopen(): void, close(): void}} `send` returns false, and
 *   sends nothing, while there is no connection. Call `working` when useful data has arrived: it resets the wait before
 *   the next attempt. `reopen` closes the present connection and opens another.
 */
export function openReconnecting(
  path,
  { onMessage, onBinary = nothing, onOpen = nothing, onLost = nothing, onRefused = nothing },
  { longestMs = 30_000, silentMs = 50_000, finalCodes = [NOT_LOGGED_IN, NOT_ALLOWED] } = {},
) {
  /** @type {WebSocket | null} */
  let socket = null;
  let retry = 0, watch = 0, attempts = 0, ended = false;
  const listening = new AbortController(), { signal } = listening;

  function connect() {
    clearTimeout(retry);
    if (socket || ended) return;
    const own = new WebSocket(socketAddress(path));
    socket = own;
    own.binaryType = "arraybuffer";
    own.onopen = () => { if (socket === own) onOpen(); };
    own.onmessage = ({ data }) => {
      if (socket !== own) return;
      awaitNext();
      if (typeof data === "string") onMessage(JSON.parse(data));
      else onBinary(data);
    };
    own.onclose = ({ code }) => lost(own, code);
    awaitNext();
  }

  function awaitNext() {
    clearTimeout(watch);
    watch = setTimeout(reopen, silentMs);
  }

  function reopen() {
    const old = socket;
    if (!old) return;
    lost(old, 0);
    old.close();
  }

  /** @param {WebSocket} own @param {number} code */
  function lost(own, code) {
    if (socket !== own) return;
    socket = null;
    clearTimeout(watch);
    if (finalCodes.includes(code)) {
      close();
      onRefused(code);
      return;
    }
    onLost(code);
    if (code === TOO_MANY) attempts = Infinity;
    if (!ended) retry = setTimeout(connect, backOff(attempts++, longestMs));
  }

  function close() {
    ended = true;
    clearTimeout(retry);
    clearTimeout(watch);
    listening.abort();
    const old = socket;
    socket = null;
    old?.close();
  }

  addEventListener("online", connect, { signal });
  document.addEventListener("visibilitychange", () => document.hidden || connect(), { signal });
  addEventListener("pagehide", () => { reopen(); clearTimeout(retry); }, { signal });
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); }, { signal });
  connect();
  return {
    send(message) {
      const open = socket?.readyState === WebSocket.OPEN;
      if (open) socket?.send(JSON.stringify(message));
      return open;
    },
    working() { attempts = 0; },
    reopen,
    close,
  };
}
