// The round: swipe, mark by one tap, note, snapshot. Every entry goes into the queue first and from there to the server,
// so that nothing is lost when the connection breaks.
import { reader } from "../core/refresh.js";
import { startClock, tick } from "../core/clock.js";
import { openEyes, shoot } from "./eye.js";
import { openQueue, uuid } from "../core/queue.js";
import { makeSender } from "../core/sender.js";
import { QUEUE, sendEntry } from "./send.js";
import { makeSwipe } from "./swipe.js";
import { fill, several, words } from "../core/words.js";

const NOTE_MS = 1200, REFRESH_MS = 20_000;
const round = document.getElementById("round");
const list = document.getElementById("stops");
const find = (selector) => round.querySelector(selector);
/** @type {NodeListOf<HTMLTextAreaElement>} */
const notes = list.querySelectorAll("[data-note]");
/** @type {NodeListOf<HTMLButtonElement>} */
const marks = round.querySelectorAll("[data-mark].mark-button");
const { check, owner, send: address, result, first } = round.dataset;

let finished = false;
const queue = await openQueue(QUEUE, owner);
const send = makeSender(QUEUE, queue, sendEntry, onProgress);
const swipe = makeSwipe(list, arrived);

startClock(round.dataset.now);
const eyes = openEyes(round.dataset.reason);
await restore();
swipe.start(Number(location.hash.match(/^#kantor-(\d+)$/)?.[1] ?? first));
send();

// Entries

/** Queues an entry and sends what is queued. at: Unix ms. */
async function addEntry({ at = Date.now(), uuid: own = uuid(), ...entry }) {
  await queue.add({ uuid: own, send: address, check, said_at: new Date(at).toISOString(), ...entry });
  showQueue(await queue.all(), false);
  send();
}

/** Applies the entries that are still queued to the page, which shows only those that the server has. */
async function restore() {
  for (const entry of (await queue.all()).filter((queued) => queued.check === check)) {
    const stop = swipe.stop(entry.place);
    if (entry.kind === "mark") stop.dataset.mark = entry.mark;
    if (entry.kind === "note") /** @type {HTMLTextAreaElement} */ (stop.querySelector("[data-note]")).value = entry.text;
    if (entry.kind === "items") for (const box of boxes(stop)) box.checked = entry.text.split(",").includes(box.value);
    if (entry.kind === "snapshot") addSnapshot(stop, entry.uuid, entry.picture);
    if (entry.kind === "remove") stop.querySelector(`[data-snapshot="${entry.text}"]`)?.remove();
    if (entry.kind === "finish") finished = true;
  }
  for (const note of notes) note.dataset.queued = note.value;
}

for (const button of marks) {
  button.addEventListener("click", () => {
    const place = swipe.place(), stop = swipe.stop(place);
    if (finished || stop.dataset.mark === button.dataset.mark) return;
    stop.dataset.mark = button.dataset.mark;
    navigator.vibrate?.(15);
    show();
    addEntry({ kind: "mark", place, mark: button.dataset.mark });
  });
}

for (const note of notes) {
  let later = 0;
  const write = () => {
    clearTimeout(later);
    if (finished || note.dataset.queued === note.value) return;
    note.dataset.queued = note.value;
    addEntry({ kind: "note", place: Number(note.closest(".stop").dataset.place), text: note.value });
  };
  note.addEventListener("input", () => { clearTimeout(later); later = setTimeout(write, NOTE_MS); });
  note.addEventListener("change", write);
}

/** What was seen at an office that is marked for conduct. @param {Element} stop @returns {HTMLInputElement[]} */
function boxes(stop) {
  return [...stop.querySelector("[data-items]").querySelectorAll("input")];
}
list.addEventListener("change", ({ target }) => {
  const stop = /** @type {Element} */ (target).closest("[data-items]")?.closest(".stop");
  if (!stop || finished) return;
  const text = boxes(stop).filter((box) => box.checked).map((box) => box.value).join(",");
  addEntry({ kind: "items", place: Number(stop.dataset.place), text });
});

for (const button of list.querySelectorAll("[data-shoot]")) {
  button.addEventListener("click", async () => {
    const eye = button.closest("[data-eye]"), stop = button.closest(".stop"), shot = await shoot(eye);
    if (finished) return;
    if (!shot) {
      complain(words.no_snapshot);
      return;
    }
    complain("");
    const own = uuid();
    addSnapshot(stop, own, shot.picture);
    addEntry({ uuid: own, kind: "snapshot", place: Number(stop.dataset.place), camera: eye.dataset.eye, ...shot });
  });
}

list.addEventListener("click", ({ target }) => {
  const item = /** @type {Element} */ (target).closest("[data-remove]")?.closest("[data-snapshot]");
  if (!item || finished) return;
  const stop = item.closest(".stop");
  addEntry({ kind: "remove", place: Number(stop.dataset.place), text: item.dataset.snapshot });
  item.remove();
  stop.querySelector("[data-shoot]")?.focus();
});

/** Lists a snapshot. picture: its blob, or undefined when the server adds it. */
function addSnapshot(stop, own, picture) {
  const item = document.createElement("li");
  item.dataset.snapshot = own;
  if (picture) {
    const image = document.createElement("img");
    image.src = URL.createObjectURL(picture);
    image.alt = words.snapshot;
    item.append(image);
  } else {
    item.textContent = words.snapshot;
  }
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "×";
  remove.setAttribute("aria-label", words.remove_snapshot);
  remove.dataset.remove = "";
  item.append(remove);
  stop.querySelector("[data-taken]").append(item);
}

find("[data-finish]").addEventListener("click", () => {
  if (finished) return;
  for (const note of notes) note.dispatchEvent(new Event("change"));
  finished = true;
  show();
  addEntry({ kind: "finish" });
});

// What the page shows

function arrived(place) {
  eyes.look(swipe.stop(place));
  show();
}

function show() {
  const place = swipe.place(), stop = swipe.stop(place), atEnd = place > swipe.total;
  find("[data-progress]").textContent = atEnd ? words.summary : fill(words.progress, { place, total: swipe.total });
  find("[data-step='-1']").disabled = place === 1;
  find("[data-step='1']").disabled = atEnd;
  find(".marks").hidden = atEnd;
  for (const button of marks) {
    button.setAttribute("aria-pressed", String(button.dataset.mark === stop.dataset.mark));
    button.disabled = finished;
  }
  find(".finish").hidden = finished;
  if (atEnd) summarise();
}

function summarise() {
  let findings = 0, left = 0;
  for (let place = 1; place <= swipe.total; place++) {
    const { mark } = swipe.stop(place).dataset;
    const line = find(`[data-summary="${place}"]`);
    line.textContent = words.marks[mark] ?? words.unmarked;
    line.className = `mark is-mark-${mark || "none"}`;
    if (!mark) left++;
    else if (mark !== "orderly") findings++;
  }
  const tally = [findings ? several(words.findings, findings) : words.no_findings];
  if (left) tally.push(several(words.left, left));
  find("[data-tally]").textContent = tally.join(" · ");
}

function complain(text) {
  const note = find("[data-trouble-note]");
  note.textContent = text;
  note.hidden = !text;
}

/** Shows the sender's progress. @param {{ waiting: any[], sent?: any, refused?: string, login?: boolean }} progress */
function onProgress({ waiting, sent, refused, login }) {
  if (refused) complain(fill(words.refused_entry, { why: refused }));
  if (sent?.kind === "finish" && sent.check === check && !refused) {
    location.replace(result);
    return;
  }
  showQueue(waiting, login);
}

function showQueue(waiting, login) {
  const offices = new Set(waiting.filter((entry) => entry.place).map((entry) => `${entry.check} ${entry.place}`)).size;
  let text = waiting.length ? "" : words.sent;
  if (offices) text = several(words.waiting, offices);
  else if (waiting.length) text = words.finish_waits;
  if (login) text = words.login;
  const line = find("[data-queue]");
  line.textContent = text;
  line.classList.toggle("waits", waiting.length > 0);
}

for (const button of round.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => swipe.step(Number(button.dataset.step)));
}
/** @type {NodeListOf<HTMLAnchorElement>} */
const links = round.querySelectorAll(".round-summary a");
for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    swipe.show(Number(link.hash.match(/\d+/)[0]));
  });
}

const changing = [...list.querySelectorAll("[id^='stop-head-'], [id^='stop-day-']")].map((part) => part.id);
const refresh = reader(changing, { after: tick });
setInterval(() => document.hidden || finished || !navigator.onLine || refresh(), REFRESH_MS);
