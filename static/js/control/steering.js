// Steers a camera: buttons, keys and dragging on the picture move it for as long as they are held. Messages: streams/control/steering/consumers.py.
import { NOT_ALLOWED, NOT_LOGGED_IN, openReconnecting } from "../core/reconnecting.js";
import "../live/player.js";
import { makeDrag } from "./drag.js";
import { makePresets } from "./presets.js";
import { makeTour } from "./tour.js";

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
const who = part("who"), problem = part("problem"), note = part("note");
const list = makePresets(part("presets"), words, send), tour = makeTour(part("tour"), words, send);
let connection = null, state = null, holding = null, timer = 0, hadIt = false, releasing = false;
let presets = [], turns = false;

function send(message) {
  if (!["beat", "move", "stop"].includes(message.do)) problem.hidden = true;
  connection?.send(message);
}

// Moving

function hold(speeds) {
  if (pad.disabled) return;
  holding = speeds;
  clearInterval(timer);
  const again = () => send({ do: "move", pan: holding[0], tilt: holding[1], zoom: holding[2] });
  again();
  timer = setInterval(again, AGAIN_MS);
}

const usual = (directions) => directions.map((one) => one * SPEED);

function letGo() {
  if (!holding) return;
  holding = null;
  clearInterval(timer);
  send({ do: "stop" });
}

for (const button of root.querySelectorAll("[data-move]")) {
  const speeds = usual(button.dataset.move.split(" ").map(Number));
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
  if (!event.repeat) hold(usual(KEYS[event.key]));
});
document.addEventListener("keyup", letGo);
window.addEventListener("blur", letGo);
document.addEventListener("visibilitychange", () => { if (document.hidden) letGo(); });

const drag = makeDrag(root.querySelector(".live-frame"), { move: (pan, tilt) => hold([pan, tilt, 0]), stop: letGo });

for (const button of root.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => {
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
  tour.state(next);
  showPresets();
}

function showPresets() {
  list.show(presets, state);
  drag.show(Boolean(state?.mine) && turns);
  part("drag-hint").hidden = !state?.mine || !turns;
  const isLost = presets.some((one) => one.gone && one.token === state?.home?.token);
  note.textContent = isLost ? words.homeGone : state?.home ? words.away : words.homeless.trim();
  note.hidden = !state || (Boolean(state.home) && !state.away && !isLost);
}

function onMessage(message) {
  if (message.type === "state") showState(message);
  else if (message.type === "problem") {
    problem.textContent = `${message.what}. ${message.advice}`;
    problem.hidden = false;
  } else if (message.type === "abilities") {
    turns = message.pan_tilt;
    part("turns").hidden = !turns;
    part("zooms").hidden = !message.zoom;
    showPresets();
  } else if (message.type === "presets") {
    ({ presets } = message);
    part("presets-note").textContent = presets.length ? "" : words.noPresets;
    tour.presets(presets);
    showPresets();
  } else if (message.type === "tour") tour.tour(message);
}

function connect(reason) {
  const query = reason ? `?${new URLSearchParams({ reason })}` : "";
  connection = openReconnecting(words.socket + query, {
    onMessage,
    onLost() {
      pad.disabled = true;
      letGo();
      drag.show(false);
      tour.state({ mine: false });
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
