// Plays the live streams that Sidak writes (streams/source/hls): one quality, fragmented MP4, one file per segment.
// Browsers without Media Source Extensions, as on iPhones, play HLS themselves.
// Recordings are played with the same parts by recordings/tile.js; their segments are ranges of bytes.

const BEHIND = 2; // segments before the newest at which playing begins
const KEPT_S = 30; // of what was played
const MOST_FAILURES = 4; // in a row

/**
 * `range` and `initRange` are values of the Range header, or ""; `at` is when it was filmed, in Unix seconds, 0 if unsaid.
 * @typedef {{ number: number, address: string, init: string, range: string, initRange: string, at: number, seconds: number }} Segment
 * @param {string} text a media playlist
 * @param {string} address its own
 * @returns {{ target: number, segments: Segment[] }}
 */
export function parsePlaylist(text, address) {
  const here = new URL(address, location.href);
  let target = 4, number = 0, init = "", initRange = "", range = "", at = 0, seconds = 0;
  /** @type {Segment[]} */
  const segments = [];
  for (const line of text.split("\n")) {
    const [tag, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
    if (tag === "#EXT-X-TARGETDURATION") target = Number(value);
    else if (tag === "#EXT-X-MEDIA-SEQUENCE") number = Number(value);
    else if (tag === "#EXT-X-PROGRAM-DATE-TIME") at = Date.parse(value) / 1000;
    else if (tag === "#EXTINF") seconds = parseFloat(value);
    else if (tag === "#EXT-X-BYTERANGE") range = rangeOf(value);
    else if (tag === "#EXT-X-MAP") {
      init = new URL(/URI="([^"]+)"/.exec(value)?.[1] ?? "", here).href;
      initRange = rangeOf(/BYTERANGE="([^"]+)"/.exec(value)?.[1] ?? "");
    } else if (line && !line.startsWith("#")) {
      segments.push({ number: number++, address: new URL(line, here).href, init, range, initRange, at, seconds });
      range = "";
    }
  }
  return { target, segments };
}

/** Returns "bytes=first-last" for "length@offset", "" for "". @param {string} text */
function rangeOf(text) {
  const [length, offset] = text.split("@").map(Number);
  return text ? `bytes=${offset}-${offset + length - 1}` : "";
}

/** Returns where the content of a box begins, 3 if there is none. @param {Uint8Array} bytes @param {string} kind */
const boxIn = (bytes, kind) => bytes.findIndex((_, i) => [...kind].every((letter, k) => bytes[i + k] === letter.charCodeAt(0))) + 4;

/** Returns the codec of an initialization segment, as avc1.42c01e or hvc1.1.6.L93.90. @param {ArrayBuffer} head */
export function codecOf(head) {
  const bytes = new Uint8Array(head);
  const h265 = boxIn(bytes, "hvcC");
  if (h265 > 3) return hevcOf(bytes.slice(h265));
  const at = boxIn(bytes, "avcC");
  return `avc1.${[...bytes.slice(at + 1, at + 4)].map((one) => one.toString(16).padStart(2, "0")).join("")}`;
}

/** Returns the codec that an hvcC box describes (ISO/IEC 14496-15, E.3). @param {Uint8Array} box */
function hevcOf(box) {
  const space = ["", "A", "B", "C"][box[1] >> 6], tier = box[1] & 32 ? "H" : "L";
  let compatible = 0; // its 32 bits in reverse order
  for (let bit = 0; bit < 32; bit += 1) if (box[2 + (bit >> 3)] >> (7 - bit % 8) & 1) compatible += 2 ** bit;
  const constraints = [...box.slice(6, 12)];
  while (constraints.length && !constraints[constraints.length - 1]) constraints.pop();
  return ["hvc1", space + (box[1] & 31), compatible.toString(16), tier + box[12], ...constraints.map((one) => one.toString(16))].join(".");
}

const sleep = (seconds) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000); });
/** Waits for an event. @param {EventTarget} target @param {string} name @returns {Promise<unknown>} */
export const event = (target, name) => new Promise((resolve) => { target.addEventListener(name, resolve, { once: true }); });

/** Appends to a buffer. @param {SourceBuffer} buffer @param {BufferSource} bytes */
export async function appendTo(buffer, bytes) {
  const done = event(buffer, "updateend");
  buffer.appendBuffer(bytes);
  await done;
}

/** Removes a part of a buffer. @param {SourceBuffer} buffer @param {number} from @param {number} until in seconds */
export async function removeFrom(buffer, from, until) {
  const done = event(buffer, "updateend");
  buffer.remove(from, until);
  await done;
}

export const plays = (video) => Boolean(window.MediaSource || window.ManagedMediaSource || video.canPlayType("application/vnd.apple.mpegurl"));

/**
 * Plays a stream until it is stopped.
 * @param {HTMLVideoElement} video
 * @param {string} address of the playlist
 * @param {() => void} lost called once when the stream can't be played on
 * @returns {() => void} stops it
 */
export function playHls(video, address, lost) {
  const Source = window.MediaSource ?? window.ManagedMediaSource;
  if (!Source) {
    video.src = address;
    video.addEventListener("error", lost);
    video.play().catch(() => {});
    return () => {
      video.removeEventListener("error", lost);
      video.removeAttribute("src");
      video.load();
    };
  }
  const source = new Source(), stopping = new AbortController(), { signal } = stopping;
  const own = URL.createObjectURL(source);
  let buffer = null, init = "", next = -1;
  video.disableRemotePlayback = true; // a managed source asks for it
  video.src = own;

  async function read(url) {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer;
  }

  const append = (bytes) => appendTo(buffer, bytes);

  async function begin(segment) {
    const head = await (await read(segment.init)).arrayBuffer();
    const kind = `video/mp4; codecs="${codecOf(head)}"`;
    if (buffer) {
      buffer.changeType?.(kind);
    } else {
      buffer = source.addSourceBuffer(kind);
      buffer.mode = "sequence"; // each segment continues the one before it, after a gap, too
    }
    await append(head);
    init = segment.init;
  }

  async function tidy() {
    const { buffered } = video;
    if (!buffered.length) return;
    const first = buffered.start(0), last = buffered.end(buffered.length - 1);
    if (video.currentTime < first) video.currentTime = first;
    if (last - video.currentTime > KEPT_S) video.currentTime = last - 8; // was asleep
    if (video.currentTime - first > 2 * KEPT_S) {
      await removeFrom(buffer, first, video.currentTime - KEPT_S);
    }
  }

  /** Appends what is new; returns the seconds until the playlist is to be read again. */
  async function round() {
    const { target, segments } = parsePlaylist(await (await read(address)).text(), address);
    if (!segments.length) throw new Error("empty");
    if (next < segments[0].number) next = Math.max(segments[0].number, segments[segments.length - 1].number - BEHIND);
    for (const segment of segments.filter(({ number }) => number >= next)) {
      const bytes = await (await read(segment.address)).arrayBuffer();
      if (segment.init !== init) await begin(segment);
      await append(bytes);
      next = segment.number + 1;
      await tidy();
      if (video.paused && !video.ended) video.play().catch(() => {});
    }
    return target / 2;
  }

  async function run() {
    await event(source, "sourceopen");
    let failures = 0;
    while (!signal.aborted) {
      try {
        await sleep(await round());
        failures = 0;
      } catch {
        if (signal.aborted) return;
        failures += 1;
        if (failures > MOST_FAILURES) return lost();
        await sleep(failures);
      }
    }
  }
  run();
  return () => {
    stopping.abort();
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(own);
  };
}
