// Plays fragments of MP4 in a video that stays close to live. Times are in seconds unless a name ends in _MS.

// iPhones have only ManagedMediaSource, with which the system decides how much is buffered.
const Source = window.ManagedMediaSource ?? window.MediaSource;
const NEAR = 0.35, FAR = 0.6, JUMP = 1.2; // behind the newest fragment: target, play faster, jump
const HURRY = 1.1, KEEP = 20, WAITING = 400;
const BROKEN_TWICE_MS = 20_000;

function joined(parts) {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return whole;
}

/** Whether the browser can play this MIME type. */
export const plays = (mime) => Boolean(Source?.isTypeSupported(mime));

/**
 * Returns how to stay close to live: play a little faster when behind, jump when far behind or before a gap.
 * @param {number} at the present position @param {number} start of the newest buffered range @param {number} end
 * @returns {{ rate?: number, jumpTo?: number }} one of them
 */
export function pace(at, start, end) {
  const behind = end - at;
  if (at < start || behind > JUMP) return { jumpTo: Math.max(start, end - NEAR) };
  return { rate: behind > FAR ? HURRY : 1 };
}

/** failed(): called when the video can't be played here. restart(): called when the init segment is needed again. */
export function makeScreen(video, { failed, restart }) {
  let source = null, buffer = null, mime = "", waiting = [], brokenAt = -Infinity, address = "";

  video.muted = true; // browsers don't autoplay videos with sound
  video.playsInline = true;
  video.disableRemotePlayback = true; // required by ManagedMediaSource
  video.addEventListener("error", broken);

  function broken() {
    if (!source) return;
    const again = performance.now() - brokenAt < BROKEN_TWICE_MS;
    brokenAt = performance.now();
    clear();
    if (again) failed();
    else restart();
  }

  function clear() {
    if (address) URL.revokeObjectURL(address);
    [source, buffer, mime, waiting, address] = [null, null, "", [], ""];
    video.removeAttribute("src");
    video.load();
  }

  function begin(newMime, head) {
    if (source && newMime === mime) {
      waiting.push(head);
      feed();
      return;
    }
    clear();
    const own = new Source();
    [source, mime, waiting] = [own, newMime, [head]];
    own.addEventListener("sourceopen", () => {
      if (source !== own || buffer) return;
      buffer = own.addSourceBuffer(mime);
      buffer.addEventListener("updateend", () => {
        if (source !== own) return;
        follow();
        feed();
      });
      feed();
    });
    address = URL.createObjectURL(own);
    video.src = address;
  }

  function push(fragment) {
    if (!source) return;
    waiting.push(fragment);
    if (waiting.length <= WAITING) return feed();
    clear(); // nothing is being appended: start again with new fragments
    restart();
  }

  function feed() {
    if (!buffer || buffer.updating || !waiting.length || source.readyState !== "open") return;
    const from = buffer.buffered.length ? buffer.buffered.start(0) : Infinity;
    try {
      if (from < video.currentTime - KEEP) {
        buffer.remove(0, video.currentTime - KEEP / 2);
        return;
      }
      const parts = waiting;
      waiting = [];
      buffer.appendBuffer(joined(parts));
    } catch {
      broken();
    }
  }

  function follow() {
    const { buffered } = video;
    if (!buffered.length) return;
    const last = buffered.length - 1;
    const { rate, jumpTo } = pace(video.currentTime, buffered.start(last), buffered.end(last));
    if (rate) video.playbackRate = rate;
    else if (!video.seeking) video.currentTime = jumpTo;
  }

  return { begin, push, follow, clear, get on() { return Boolean(source); } };
}
