// The live player of a camera. Elements with data-autoplay start by themselves.
//
// The element: <div class="live" data-live="CAMERA" data-stream="main" data-why="routine">, best from _live.html.
// data-state is connecting, live, behind, stale, failed, reason or paused. Times are in milliseconds.
import { TOO_MANY } from "../core/reconnecting.js";
import { openLine } from "./line.js";
import { askReason, build, dress, fill, make, words } from "./parts.js";
import { makeScreen, plays } from "./screen.js";
import { save, stamped } from "./stamp.js";
import { makeZoom } from "./zoom.js";

const EVERY_MS = 300, BEHIND_MS = 2000, STALE_MS = 5000, PICTURE_STALE_MS = 6000;
const reasons = new Map(); // by camera: the reason to view it while its office is closed; until the page is left

/** Plays a camera inside `root`. why: a View.Why; reason: needed while the office is closed.
 * Returns {stop(), snapshot()}; snapshot() resolves to a JPEG blob, or null while there is no picture.
 * @param {HTMLElement} root @param {{ why?: string, reason?: string }} [query] */
export function play(root, { why, reason } = {}) {
  const camera = root.dataset.live;
  let disconnect = null, form = "", trouble = null, ended = "", down = true, crowded = false, stopped = false, wanted = true;
  /** @type {{ office?: string, camera?: string }} */
  let place = {};
  let zero = 0, ahead = -Infinity, receivedAt = 0, kept = "", started = false;
  if (reason) reasons.set(camera, reason);

  const parts = build(root, {
    pause: () => { wanted = !wanted; follow(); },
    photo: async () => { const blob = await snapshot(); if (blob) save(blob, place, moment()); },
    in: () => zoom.in(),
    out: () => zoom.out(),
    pip: () => document.pictureInPictureElement ? document.exitPictureInPicture() : parts.video.requestPictureInPicture().catch(() => {}),
    full,
  });
  const { video, picture, note } = parts;
  const zoom = makeZoom(parts.frame, parts.inner, (scale) => {
    parts.buttons.out.disabled = scale === 1;
  });
  const screen = makeScreen(video, { failed: onlyPictures, restart: connect });
  parts.buttons.out.disabled = true;
  parts.buttons.pip.hidden = !document.pictureInPictureEnabled;
  if (root.dataset.poster) parts.poster.src = root.dataset.poster;

  const serverNow = () => Date.now() + (Number.isFinite(ahead) ? ahead : 0);
  const moment = () => form === "video" ? zero + 1000 * video.currentTime : receivedAt + (Number.isFinite(ahead) ? ahead : 0);

  // The connection

  function connect() {
    disconnect?.();
    [down, trouble, ahead] = [true, null, -Infinity];
    const query = { stream: root.dataset.stream ?? "main", why: why ?? root.dataset.why ?? "routine" };
    if (reasons.has(camera)) query.reason = reasons.get(camera);
    if (form === "pictures" || !(window.ManagedMediaSource ?? window.MediaSource)) query.form = "pictures";
    const onLost = (code) => { [down, crowded] = [true, code === TOO_MANY]; showState(); };
    disconnect = openLine(root.dataset.liveSocket, query, { onMessage, onBinary, onLost, onRefused });
    showState();
  }

  function onlyPictures() {
    form = "pictures";
    connect();
  }

  function onMessage(message) {
    [down, crowded] = [false, false];
    if (message.type === "camera") place = message;
    else if (message.type === "clock") {
      zero = message.zero;
      ahead = Math.max(ahead, message.now - Date.now());
    } else if (message.type === "trouble") trouble = message.problem;
    else if (message.type === "pictures") showPictures(message);
    else if (message.type === "init") showVideo(message);
    showState();
  }

  function showVideo(message) {
    if (!plays(message.mime)) return onlyPictures();
    [form, trouble] = ["video", null];
    note.hidden = picture.hidden = true;
    screen.begin(message.mime, Uint8Array.from(atob(message.head), (byte) => byte.charCodeAt(0)));
  }

  function showPictures({ why, codec }) {
    [form, trouble] = ["pictures", null];
    screen.clear();
    video.hidden = true;
    parts.buttons.pip.hidden = true;
    note.replaceChildren(make("p", { class: "small" }, fill(why === "codec" ? words.pictures_codec : words.pictures_asked, { codec: words.codecs[codec] ?? codec })));
    note.hidden = false;
  }

  async function onBinary(data) {
    [trouble, receivedAt] = [null, Date.now()];
    if (form === "video") {
      screen.push(data);
      start();
    } else {
      const old = kept;
      kept = URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));
      picture.src = kept;
      await picture.decode().catch(() => {});
      if (old) URL.revokeObjectURL(old);
      picture.hidden = false;
    }
    showState();
  }

  function start() {
    if (!video.paused || started) return;
    started = true;
    video.play().catch((error) => {
      if (error.name === "NotAllowedError") { // phones in power-saving mode require a tap
        wanted = false;
        follow();
      }
    }).finally(() => { started = false; });
  }

  function onRefused(how) {
    [ended, disconnect] = [how, null];
    screen.clear();
    video.hidden = picture.hidden = true;
    if (how === "reason") {
      reasons.delete(camera); // its time is over
      askReason(note, (text) => {
        reasons.set(camera, text);
        ended = "";
        note.hidden = true;
        follow();
      });
    } else {
      root.classList.add("is-refused");
      const help = how === "logged_out" ? make("a", { href: location.href, class: "button" }, words.log_in) : "";
      note.replaceChildren(make("p", {}, words[how]), help);
      note.hidden = false;
    }
    showState();
  }

  // It plays while it is wanted and on the screen

  const looking = () => !document.hidden || document.pictureInPictureElement === video;

  function follow() {
    if (stopped || ended) return;
    if (wanted && looking()) {
      if (!disconnect) {
        video.hidden = form === "pictures";
        connect();
      }
    } else {
      disconnect?.();
      disconnect = null;
      video.pause();
    }
    dress(parts.buttons.pause, wanted ? "pause" : "play", wanted ? words.pause : words.resume);
    showState();
  }

  // Its state

  function state() {
    if (ended) return [ended === "reason" ? "reason" : "failed", ended === "reason" ? words.reason_state : words.failed];
    if (!disconnect) return ["paused", words.paused];
    if (crowded) return ["failed", words.too_many];
    if (trouble) return ["failed", fill(words.trouble, { problem: words.problems[trouble] ?? words.unknown })];
    const age = form === "video" ? serverNow() - moment() : Date.now() - receivedAt;
    const stale = form === "video" ? STALE_MS : PICTURE_STALE_MS;
    const shown = receivedAt && (form === "pictures" || video.readyState > 1);
    const lasted = fill(words.seconds, { n: Math.round(age / 1000) });
    if (down) return shown ? ["stale", words.reconnecting] : ["connecting", words.connecting];
    if (!shown) return ["connecting", words.opening];
    if (age > stale) return ["stale", fill(words.stale, { age: lasted })];
    if (form === "pictures") return ["live", words.live_pictures];
    return age > BEHIND_MS ? ["behind", fill(words.behind, { age: lasted })] : ["live", words.live];
  }

  function showState() {
    const [name, text] = state();
    if (root.dataset.state !== name) root.dataset.state = name;
    if (parts.state.textContent !== text) parts.state.textContent = text;
    if (form === "video" && zero) root.dataset.behind = String(Math.round(serverNow() - moment()));
  }

  // Actions

  function snapshot() {
    return stamped(form === "video" ? video : picture, place, moment());
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen();
    else video.webkitEnterFullscreen?.(); // iPhones enlarge videos only
  }

  function fullChanged() {
    const large = document.fullscreenElement === root;
    dress(parts.buttons.full, large ? "small" : "full", large ? words.small : words.full);
  }

  function stop() {
    stopped = true;
    disconnect?.();
    disconnect = null;
    clearInterval(timer);
    screen.clear();
    if (kept) URL.revokeObjectURL(kept);
    document.removeEventListener("visibilitychange", follow);
    document.removeEventListener("fullscreenchange", fullChanged);
  }

  const timer = setInterval(() => {
    if (form === "video" && disconnect) screen.follow();
    if (!document.hidden) showState();
  }, EVERY_MS);
  document.addEventListener("visibilitychange", follow);
  document.addEventListener("fullscreenchange", fullChanged);
  video.addEventListener("leavepictureinpicture", follow);
  for (const event of ["pause", "play"]) {
    const going = event === "play";
    video.addEventListener(event, () => { // by the buttons of the picture-in-picture window
      if (document.pictureInPictureElement !== video || wanted === going) return;
      wanted = going;
      follow();
    });
  }
  video.addEventListener("playing", () => root.classList.add("has-picture"));
  follow();
  return { stop, snapshot };
}

for (const element of document.querySelectorAll("[data-live][data-autoplay]:not([data-state])")) play(element);
