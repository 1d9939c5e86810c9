// One camera of the player: its video at the player's moment, by Media Source Extensions from byte ranges of minute files.
// The video's time is the second of the day (WIB), so that all cameras have one clock and gaps stay where they were.
import { appendTo, codecOf, event, parsePlaylist, removeFrom } from "../public/hls.js";
import { recordedAt, RECORDED, stretchAt, stretchesOf } from "./moments.js";

const DAY_S = 86_400, WINDOW_S = 3600; // of one playlist
const AHEAD_S = 20, KEPT_S = 30; // what is kept of the video around the moment, at speed 1
const AHEAD_BYTES = 48e6, KEPT_BYTES = 24e6; // browsers refuse more than some 100 MB
const PART_BYTES = 8 << 20; // of one request: the server sends no more than twice that
const HOLE_S = 3; // the video hops over a shorter hole
const STALE_MS = 10_000; // a playlist without the wanted moment is read again after so long
const PAUSE_MS = 150;

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** @typedef {import("../public/hls.js").Segment} Segment */

export class Tile {
  /**
   * @param {HTMLElement} root
   * @param {{ begins: number, day: string, why: string }} day when it begins in Unix seconds; why: a View.Why
   * @param {Record<string, string>} words
   */
  constructor(root, day, words) {
    this.root = root;
    this.day = day;
    this.words = words;
    this.video = root.querySelector("video");
    this.note = root.querySelector("[data-note]");
    this.still = root.querySelector("img");
    /** @type {import("./moments.js").Stretch[]} */
    this.stretches = [];
    this.problem = "";
    this.Source = window.MediaSource ?? window.ManagedMediaSource;
    this.wanted = 0;
    this.rate = 1;
    /** @type {Map<number, { segments: Segment[], readAt: number }>} */
    this.windows = new Map();
    /** @type {Set<string>} */
    this.appended = new Set();
    this.init = "";
    /** @type {SourceBuffer | null} */
    this.buffer = null;
    this.clearing = false;
    this.density = 1; // bytes a second
    this.stopping = new AbortController();
    if (this.Source) this.run();
    else this.problem = words.cannot;
  }

  address(path) {
    return `${this.root.dataset.address}${path}`;
  }

  /** Reads when the camera was recorded on this day. */
  async readStrip() {
    const answer = await fetch(this.address(`hari/${this.day.day}.json`), { cache: "no-store" });
    if (answer.ok && !answer.redirected) this.stretches = stretchesOf(await answer.json());
  }

  recordedAt(at) {
    return recordedAt(this.stretches, at);
  }

  /** Returns the buffered part that a moment is in. @returns {[number, number] | null} */
  rangeAt(at) {
    const { buffered } = this.video;
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.start(i) <= at + 0.02 && at < buffered.end(i) - 0.02) return [buffered.start(i), buffered.end(i)];
    }
    return null;
  }

  /** Returns where the video goes on after a hole of at most HOLE_S, null if it doesn't. */
  afterHole(at) {
    const { buffered } = this.video;
    for (let i = 0; i < buffered.length; i += 1) {
      if (buffered.start(i) > at && buffered.start(i) - at < HOLE_S) return buffered.start(i) + 0.01;
    }
    return null;
  }

  /** Goes to a moment. @param {number} at */
  seek(at) {
    this.wanted = at;
    if (!this.Source) {
      this.still.hidden = !this.recordedAt(at);
      if (this.recordedAt(at)) this.still.src = this.stillAt(at);
    } else if (this.rangeAt(at)) {
      this.video.currentTime = at;
    } else {
      this.clearing = true;
      this.stopping.abort();
    }
  }

  stillAt(at) {
    return this.address(`gambar/${Math.floor(this.day.begins + at)}.jpg?why=${this.day.why}`);
  }

  /** Keeps the video at the player's moment. @param {number} at @param {number} rate @param {boolean} playing */
  follow(at, rate, playing) {
    const { video } = this, stretch = stretchAt(this.stretches, at), shown = stretch?.what === RECORDED;
    this.wanted = at;
    this.rate = rate;
    this.root.classList.toggle("is-gap", !shown);
    const ready = shown && this.rangeAt(at);
    this.say(shown ? this.problem || (ready || !this.Source ? "" : this.words.waiting) : this.words[stretch?.what ?? "none"]);
    if (ready && Math.abs(video.currentTime - at) > 0.4 * Math.max(1, rate)) video.currentTime = at;
    if (video.playbackRate !== rate) video.playbackRate = rate;
    if (ready && playing && video.paused) video.play().catch(() => {});
    if (!(ready && playing) && !video.paused) video.pause();
  }

  say(words) {
    if (this.note.textContent !== words) this.note.textContent = words;
  }

  async run() {
    const source = new this.Source();
    this.video.disableRemotePlayback = true; // a managed source asks for it
    this.video.src = URL.createObjectURL(source);
    await event(source, "sourceopen");
    source.duration = DAY_S;
    let failures = 0;
    for (;;) {
      try {
        if (!await this.round(source)) await sleep(PAUSE_MS);
        failures = 0;
      } catch {
        if (this.stopping.signal.aborted) continue;
        failures += 1;
        await sleep(1000 * Math.min(failures, 5));
      }
    }
  }

  /** Appends one segment that is needed; returns false when none is. @param {MediaSource} source */
  async round(source) {
    if (this.stopping.signal.aborted) this.stopping = new AbortController();
    if (this.clearing) await this.clear();
    const at = this.wanted;
    if (!this.recordedAt(at)) return false;
    const end = this.rangeAt(at)?.[1] ?? at;
    if (end - at > Math.min(AHEAD_S * Math.max(1, this.rate), AHEAD_BYTES / this.density)) return false;
    const segment = await this.segmentAt(end);
    if (!segment) return false;
    if (`${segment.init} ${segment.initRange}` !== this.init) await this.begin(source, segment);
    const bytes = await this.read(segment.address, segment.range);
    if (bytes) {
      this.density = bytes.byteLength / Math.max(1, segment.seconds);
      await appendTo(this.buffer, bytes);
    }
    this.appended.add(`${segment.address} ${segment.range}`);
    await this.tidy();
    return true;
  }

  /** Returns the segment that shows a moment or follows a hole after it, null if there is none. @param {number} at @returns {Promise<Segment | null>} */
  async segmentAt(at) {
    const number = Math.floor(at / WINDOW_S);
    const segments = [...await this.window(number), ...(at % WINDOW_S > WINDOW_S - HOLE_S - 1 ? await this.window(number + 1) : [])];
    const unread = segments.filter(({ address, range }) => !this.appended.has(`${address} ${range}`));
    const found = unread.find((one) => one.at - this.day.begins + one.seconds > at + 0.05);
    if (found && found.at - this.day.begins < at + HOLE_S) return found;
    const window = this.windows.get(number);
    if (performance.now() - window.readAt > STALE_MS) this.windows.delete(number); // more is recorded meanwhile
    return null;
  }

  async window(number) {
    const known = this.windows.get(number);
    if (known) return known.segments;
    const from = this.day.begins + number * WINDOW_S, address = this.address(`putar/${from}-${from + WINDOW_S}.m3u8`);
    const answer = await this.ask(address);
    const segments = answer.ok ? parsePlaylist(await answer.text(), address).segments : [];
    this.windows.set(number, { segments, readAt: performance.now() });
    return segments;
  }

  async ask(address, headers = {}) {
    const answer = await fetch(address, { signal: this.stopping.signal, headers, cache: "no-store" });
    if (answer.status === 403 || answer.redirected) {
      this.problem = this.words.refused;
      throw new Error("refused");
    }
    if (!answer.ok && answer.status !== 404) throw new Error(`${answer.status}`);
    this.problem = "";
    return answer;
  }

  /** Returns the bytes, null when the file is gone. @param {string} address @param {string} range */
  async read(address, range) {
    const [first, last] = range.slice("bytes=".length).split("-").map(Number), parts = [];
    for (let at = first; at <= last; at += PART_BYTES) {
      const end = Math.min(last, at + PART_BYTES - 1);
      const answer = await this.ask(`${address}?why=${this.day.why}`, { Range: `bytes=${at}-${end}` });
      if (!answer.ok) return null;
      parts.push(await answer.arrayBuffer());
    }
    return parts.length === 1 ? parts[0] : new Blob(parts).arrayBuffer();
  }

  /** Takes up the head of a segment's file. @param {MediaSource} source @param {Segment} segment */
  async begin(source, segment) {
    const head = await this.read(segment.init, segment.initRange);
    if (!head) return;
    const kind = `video/mp4; codecs="${codecOf(head)}"`;
    if (!this.Source.isTypeSupported(kind)) {
      this.problem = this.words.codec;
      await sleep(1000);
      throw new Error(kind);
    }
    if (this.buffer) {
      this.buffer.changeType?.(kind);
    } else {
      this.buffer = source.addSourceBuffer(kind);
      this.buffer.timestampOffset = -this.day.begins;
    }
    await appendTo(this.buffer, head);
    this.init = `${segment.init} ${segment.initRange}`;
  }

  async clear() {
    this.clearing = false;
    this.appended.clear();
    if (this.buffer && this.video.buffered.length) await removeFrom(this.buffer, 0, Infinity);
  }

  /** Drops what was played long ago. */
  async tidy() {
    const { buffered } = this.video, old = this.wanted - Math.min(KEPT_S * Math.max(1, this.rate), KEPT_BYTES / this.density);
    if (buffered.length && buffered.start(0) < old - 10) await removeFrom(this.buffer, 0, old);
  }
}
