// A public point: its state and still are kept fresh; live video comes on a click and asks after a while.
import { playHls, plays } from "./hls.js";

const FRESH_MS = 10_000;
const player = document.getElementById("player"), now = document.getElementById("now");
const video = player.querySelector("video"), question = /** @type {HTMLElement} */ (player.querySelector(".question"));
const play = /** @type {HTMLButtonElement} */ (player.querySelector("[data-play]"));
const stop = /** @type {HTMLButtonElement} */ (player.querySelector("[data-stop]"));
const goOn = /** @type {HTMLButtonElement} */ (player.querySelector("[data-go-on]"));
const note = player.querySelector("[data-note]");
const token = [...crypto.getRandomValues(new Uint8Array(8))].map((one) => one.toString(16).padStart(2, "0")).join("");
const seat = `${player.dataset.seat}?kursi=${token}`;
/** @type {(() => void) | null} */
let stopPlaying = null;
let beat = 0, pause = 0;

const showNote = (words) => { note.textContent = words ?? ""; };
const state = () => /** @type {HTMLElement} */ (now.querySelector("[data-state]")).dataset;

/** Shows the newest state and still. */
async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(`${now.dataset.source ?? location.pathname}?bagian=keadaan`, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const html = await answer.text();
  if (now.innerHTML !== html) now.innerHTML = html;
  const { picture } = state();
  let image = player.querySelector("img");
  if (picture && !image) {
    image = Object.assign(document.createElement("img"), { alt: "", width: 640, height: 360 });
    player.querySelector(".still").prepend(image);
  }
  if (!picture) image?.remove();
  else if (image.getAttribute("src") !== picture) image.src = picture;
  if (!stopPlaying) play.hidden = state().state !== "live";
  else if (state().state === "closed") end(player.dataset.gone);
}
setInterval(() => refresh().catch(() => {}), FRESH_MS);
document.addEventListener("visibilitychange", () => refresh().catch(() => {}));

/** Asks for a seat, or keeps it. @returns {Promise<{ live: string | null, state: string }>} */
async function ask() {
  const answer = await fetch(seat, { method: "POST" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function begin() {
  if (!plays(video)) return showNote(player.dataset.cannot);
  play.disabled = true;
  showNote(player.dataset.starting);
  try {
    const { live, state: why } = await ask();
    if (!live) return showNote(why === "full" ? player.dataset.full : player.dataset.gone);
    question.hidden = true;
    video.hidden = false;
    stopPlaying = playHls(video, live, () => end(player.dataset.lost));
    video.addEventListener("playing", () => showNote(""), { once: true });
    beat = window.setInterval(() => ask().catch(() => {}), 20_000);
    pause = window.setTimeout(stillThere, Number(player.dataset.pause) * 1000);
    play.hidden = true;
    stop.hidden = false;
    stop.focus();
  } catch {
    showNote(player.dataset.lost);
  } finally {
    play.disabled = false;
  }
}

/** Ends the video; the still is shown again. @param {string} [why] */
function end(why) {
  clearInterval(beat);
  clearTimeout(pause);
  stopPlaying?.();
  stopPlaying = null;
  video.hidden = stop.hidden = true;
  play.hidden = state().state === "closed";
  showNote(why);
  navigator.sendBeacon(`${seat}&selesai=1`);
}

function stillThere() {
  end();
  play.hidden = true;
  question.hidden = false;
  goOn.focus();
}

play.addEventListener("click", begin);
goOn.addEventListener("click", begin);
stop.addEventListener("click", () => {
  end();
  play.focus();
});
addEventListener("pagehide", () => stopPlaying && end());
