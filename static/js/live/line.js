// The line of one live camera: opens again by itself, and tells the server how much has arrived.

const FIRST_MS = 500, LONGEST_MS = 15_000, SILENT_MS = 30_000;
const FINAL = { 4401: "logged_out", 4403: "refused", 4409: "reason" };

/** hear: {said(message), came(buffer), lost(), refused("logged_out" | "refused" | "reason")}. Returns close(). */
export function openLine(camera, query, hear) {
  const base = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/kamera/${camera}/langsung/`;
  let socket = null, retry = 0, watch = 0, attempts = 0, ended = false;

  function connect() {
    clearTimeout(retry);
    if (socket || ended) return;
    const own = new WebSocket(`${base}?${new URLSearchParams(query)}`);
    let got = 0;
    socket = own;
    own.binaryType = "arraybuffer";
    own.onmessage = ({ data }) => {
      if (socket !== own) return;
      listen();
      if (typeof data === "string") return hear.said(JSON.parse(data));
      got += data.byteLength;
      own.send(JSON.stringify({ got }));
      attempts = 0;
      hear.came(data);
    };
    own.onclose = ({ code }) => lost(own, code);
    listen();
  }

  function listen() {
    clearTimeout(watch);
    watch = setTimeout(() => socket && drop(), SILENT_MS);
  }

  function drop() {
    const old = socket;
    lost(old, 0);
    old.close();
  }

  function lost(own, code) {
    if (socket !== own) return;
    socket = null;
    clearTimeout(watch);
    if (ended) return;
    if (FINAL[code]) {
      close();
      hear.refused(FINAL[code]);
      return;
    }
    hear.lost();
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts++);
    retry = setTimeout(connect, wait / 2 + Math.random() * wait / 2);
  }

  function close() {
    ended = true;
    clearTimeout(retry);
    clearTimeout(watch);
    removeEventListener("online", connect);
    if (socket) socket.close();
    socket = null;
  }

  addEventListener("online", connect);
  connect();
  return close;
}
