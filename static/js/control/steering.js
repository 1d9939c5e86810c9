// Steers a camera: buttons and keys move it for as long as they are held. Messages: streams/control/steering/consumers.py.
import { NOT_ALLOWED, NOT_LOGGED_IN, openReconnecting } from "../core/reconnecting.js";
import "../live/player.js";

const AGAIN_MS = 300; // the server stops the motor after a second without a word
const BEAT_MS = 5000;
const REASON_NEEDED = 4409;
const SPEED = 0.5;
/** @type {Record<string, number[]>} */
const KEYS = {
  ArrowUp: [0, 1, 0], ArrowDown: [0, -1, 0], ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0],
  "+": [0, 0, 1], "=": [0, 0, 1], "-": [0, 0, -1],
};

const root = document.getElementById("steering");
const { dataset: words } = root;
/** @returns {HTMLElement} */
const part = (name) => root.querySelector(`[data-steer-${name}]`);
const pad = /** @type {HTMLFieldSetElement} */ (part("pad"));
const reasonForm = /** @type {HTMLFormElement | null} */ (part("why"));
const who = part("who"), problem = part("problem"), note = part("note"), list = part("presets");
let connection = null, state = null, holding = null, timer = 0, hadIt = false, releasing = false;
let presets = [];

function send(message) {
  connection?.send(message);
}

// Moving

function hold(speeds) {
  if (pad.disabled) return;
  holding = speeds.map((one) => one * SPEED);
  clearInterval(timer);
  const again = () => send({ do: "move", pan: holding[0], tilt: holding[1], zoom: holding[2] });
  again();
  timer = setInterval(again, AGAIN_MS);
}

function letGo() {
  if (!holding) return;
  holding = null;
  clearInterval(timer);
  send({ do: "stop" });
}

for (const button of root.querySelectorAll("[data-move]")) {
  const speeds = button.dataset.move.split(" ").map(Number);
  button.addEventListener("pointerdown", (event) => {
    button.setPointerCapture(event.pointerId);
    hold(speeds);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, letGo);
  button.addEventListener("contextmenu", (event) => event.preventDefault());
  button.addEventListener("keydown", (event) => {
    if ((event.key !== " " && event.key !== "Enter") || event.repeat) return;
    event.preventDefault();
    hold(speeds);
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, .live-frame");
  if (!(event.key in KEYS) || typing || pad.disabled || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  if (!event.repeat) hold(KEYS[event.key]);
});
document.addEventListener("keyup", letGo);
window.addEventListener("blur", letGo);
document.addEventListener("visibilitychange", () => { if (document.hidden) letGo(); });

for (const button of root.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => {
    problem.hidden = true;
    releasing = button.dataset.do === "release";
    send({ do: button.dataset.do });
  });
}

// What the server says

function showState(next) {
  const lost = hadIt && !next.mine && !releasing;
  [state, hadIt] = [next, next.mine];
  if (next.mine) releasing = false;
  else letGo();
  pad.disabled = !next.mine;
  if (next.mine) who.textContent = words.mine;
  else if (lost) who.textContent = next.holder ? `${next.holder} ${words.taken}` : words.lost;
  else who.textContent = next.holder ? `${next.holder} ${words.held}` : words.free;
  const shown = { take: !next.mine && !next.holder, take_over: next.take_over, release: next.mine };
  for (const [what, visible] of Object.entries(shown)) root.querySelector(`[data-do="${what}"]`).hidden = !visible;
  note.textContent = next.home ? words.away : words.homeless;
  note.hidden = Boolean(next.home) && !next.away;
  showPresets();
}

function showPresets() {
  const made = presets.map(({ token, name }) => {
    const item = document.createElement("li"), go = document.createElement("button");
    const isHome = state?.home?.token === token;
    Object.assign(go, { type: "button", className: "button", textContent: isHome ? `${name} (${words.home})` : name, disabled: !state?.mine });
    go.addEventListener("click", () => send({ do: "preset", token }));
    item.append(go);
    if (state?.mine && state.sets_home && !isHome) {
      const home = document.createElement("button");
      Object.assign(home, { type: "button", className: "button quiet", textContent: words.makeHome });
      home.setAttribute("aria-label", `${words.makeHome}: ${name}`);
      home.addEventListener("click", () => send({ do: "set_home", token }));
      item.append(home);
    }
    return item;
  });
  const marks = JSON.stringify([presets, state?.mine, state?.home, state?.sets_home]);
  if (list.dataset.marks === marks) return; // keeps the focus
  list.dataset.marks = marks;
  list.replaceChildren(...made);
}

function onMessage(message) {
  if (message.type === "state") showState(message);
  else if (message.type === "problem") {
    problem.textContent = `${message.what}. ${message.advice}`;
    problem.hidden = false;
  } else if (message.type === "abilities") {
    presets = message.presets;
    part("turns").hidden = !message.pan_tilt;
    part("zooms").hidden = !message.zoom;
    part("presets-note").textContent = presets.length ? "" : words.noPresets;
    showPresets();
  }
}

function connect(reason) {
  const query = reason ? `?${new URLSearchParams({ reason })}` : "";
  connection = openReconnecting(words.socket + query, {
    onMessage,
    onLost() {
      pad.disabled = true;
      letGo();
      who.textContent = words.down;
    },
    onRefused(code) {
      pad.disabled = true;
      if (code === NOT_LOGGED_IN) location.reload();
      else if (code === REASON_NEEDED && reasonForm) reasonForm.hidden = false;
      else who.textContent = words.refused;
    },
  }, { longestMs: 15_000, silentMs: 30_000, finalCodes: [NOT_LOGGED_IN, NOT_ALLOWED, REASON_NEEDED] });
  return connection;
}

setInterval(() => { if (state?.mine && !document.hidden) send({ do: "beat" }); }, BEAT_MS);

if (reasonForm) {
  who.hidden = true;
  reasonForm.addEventListener("submit", (event) => {
    event.preventDefault();
    reasonForm.hidden = true;
    who.hidden = false;
    connect(String(new FormData(reasonForm).get("reason")));
  });
} else connect("");
