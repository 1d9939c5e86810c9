// A line to the server that mends itself, and says how old the page is while it is broken.
import { now, serverSays } from "./clock.js";
import { showIncident } from "./incident.js";
import { fresh } from "./kept.js";
import { fill, hourWithZone, words } from "./words.js";

const FIRST_MS = 500, LONGEST_MS = 30_000, SILENT_MS = 50_000; // the server speaks every 20 s
const NOT_LOGGED_IN = 4401, NOT_YOURS = 4403;

const nothing = () => {};

/**
 * Calls heard(message) for snapshots and patches. The first of these on each line is a snapshot.
 * told(message) hears all others, took(buffer) what is binary, begun() that a line is open. Returns {say(word)}: JSON for
 * the server; false, and left unsaid, while the line is broken.
 */
export function openLine(path, heard, { told = nothing, took = nothing, begun = nothing } = {}) {
  const note = document.getElementById("freshness");
  let socket = null, retry = 0, attempts = 0, watch = 0, heardAt = Date.parse(note.dataset.now), ended = false;

  function show(text) {
    note.textContent = text;
    note.hidden = !text;
  }

  function stale() {
    if (!ended) show(fill(words.stale, { at: hourWithZone(heardAt) }));
  }

  function connect() {
    clearTimeout(retry);
    if (socket || ended) return;
    const own = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${path}`);
    socket = own;
    own.binaryType = "arraybuffer";
    listen();
    own.onopen = () => socket === own && begun();
    own.onmessage = (event) => {
      if (socket !== own) return;
      if (event.data instanceof ArrayBuffer) {
        took(event.data);
        return;
      }
      const message = JSON.parse(event.data);
      serverSays(message.now);
      heardAt = now();
      attempts = 0;
      show("");
      fresh();
      listen();
      if ("incident" in message) showIncident(message.incident);
      if ("rows" in message) heard(message);
      else told(message);
    };
    own.onclose = (event) => lost(own, event.code);
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
    if (code === NOT_LOGGED_IN) {
      ended = true;
      location.reload(); // the server leads to the login and back here
      return;
    }
    if (code === NOT_YOURS) {
      ended = true;
      show(words.refused);
      return;
    }
    stale();
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts++);
    retry = setTimeout(connect, wait / 2 + Math.random() * wait / 2);
  }

  addEventListener("online", connect);
  document.addEventListener("visibilitychange", () => document.hidden || connect());
  addEventListener("pagehide", () => { if (socket) drop(); clearTimeout(retry); });
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
  connect();
  return {
    say(word) {
      const open = socket?.readyState === WebSocket.OPEN;
      if (open) socket.send(JSON.stringify(word));
      return open;
    },
  };
}
