// Solves a challenge for a form while it is being filled in, so that programs can't send thousands of them cheaply.
// Sending waits for it, and for photos to be made smaller. Nothing is asked of the person, and one who has to wait, loses
// the network or presses twice keeps what was written and sends it once.
import { smaller } from "../core/smaller.js";

const VALID_MS = 60 * 60_000; // the server accepts a solution for two hours: the rest is for a slow network
const LARGEST = 10 * 1024 * 1024; // bytes of a photo that the server takes
const LOOK_MS = 15_000, SILENT_LOOKS = 4; // a worker that sent nothing meanwhile is broken; a slow one is not
const PAUSES_MS = [1_000, 3_000]; // before the second and the third try of a request
const SENDING_MS = 3 * 60_000; // until another press counts, as the person may have stopped the first one

const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Asks up to three times: on the move a request fails now and then. @param {string} address @param {"GET" | "HEAD"} [method] */
async function ask(address, method = "GET") {
  for (const wait of [...PAUSES_MS, null]) {
    try {
      const answer = await fetch(address, { cache: "no-store", method });
      if (answer.ok) return answer;
      if (answer.status < 500 || wait === null) throw new Error(String(answer.status));
    } catch (error) {
      if (wait === null) throw error;
    }
    await pause(wait);
  }
}

/** @param {string} script @param {object} challenge @returns {Promise<number>} */
function solve(script, challenge) {
  const worker = new Worker(script);
  let silent = 0, look = 0;
  return new Promise((resolve, reject) => {
    look = setInterval(() => { // by number: a phone that slept was no broken worker
      silent += 1;
      if (silent > SILENT_LOOKS) reject(new Error("no message from the worker"));
    }, LOOK_MS);
    worker.onmessage = ({ data }) => {
      silent = 0;
      if ("number" in data) (data.number === null ? reject(new Error("no solution")) : resolve(data.number));
    };
    worker.onerror = () => reject(new Error("no worker"));
    worker.postMessage(challenge);
  }).finally(() => { clearInterval(look); worker.terminate(); });
}

/** Replaces the form's photo by a smaller one. Returns whether the server would take it. @param {HTMLFormElement} form */
async function makePhotoSmaller(form) {
  /** @type {HTMLInputElement | null} */
  const input = form.querySelector("input[type=file]");
  const file = input?.files[0];
  if (!file) return true;
  const small = await smaller(file);
  if (small !== file) {
    const files = new DataTransfer();
    files.items.add(new File([small], "foto.jpg", { type: small.type }));
    input.files = files.files;
  }
  return small.size <= LARGEST;
}

/** @param {HTMLElement} part the element with what a form needs for this */
function guard(part) {
  /** @type {HTMLFormElement} */
  const form = part.closest("form");
  /** @type {HTMLInputElement} */
  const field = part.querySelector("input");
  /** @type {(name: string) => HTMLElement} */
  const words = (name) => part.querySelector(`[data-${name}]`);
  const shown = ["waiting", "sending", "failed", "offline", "too-large"];
  const { challenge: address, script } = part.dataset;
  /** @type {Promise<string> | null} */
  let found = null;
  /** @type {"idle" | "preparing" | "ready" | "sent"} */
  let state = "idle";
  let since = 0, sentAt = 0;

  /** Shows one of the messages, or none. @param {string} [name] */
  function say(name) {
    for (const one of shown) words(one).hidden = one !== name;
  }

  async function fetchAndSolve() {
    const { most, ...challenge } = await (await ask(address)).json();
    return btoa(JSON.stringify({ ...challenge, number: await solve(script, { ...challenge, most }) }));
  }

  /** Begins, unless a fresh solution is there or on its way. */
  function begin() {
    if (found && Date.now() - since < VALID_MS) return found;
    since = Date.now();
    const own = fetchAndSolve();
    own.catch(() => { if (found === own) found = null; }); // the next try begins anew
    found = own;
    return own;
  }

  /** Returns the message about why it can't be sent, "" when it is ready. */
  async function prepare() {
    if (!(await makePhotoSmaller(form))) return "too-large";
    try {
      field.value = await begin();
    } catch {
      return navigator.onLine ? "failed" : "offline";
    }
    try {
      await ask(address, "HEAD"); // a form sent without a network leaves the page, and what was written is lost with it
      return "";
    } catch {
      return "offline";
    }
  }

  form.addEventListener("focusin", () => { begin().catch(() => {}); });
  form.addEventListener("submit", async (event) => {
    if (state === "ready") { // this script sends it
      state = "sent";
      sentAt = Date.now();
    } else if (state !== "sent" || Date.now() - sentAt < SENDING_MS) { // later again: the server knows the form by its key
      event.preventDefault();
      if (state !== "idle") return; // pressed twice
      state = "preparing";
      say("waiting");
      const problem = await prepare();
      state = problem ? "idle" : "ready";
      say(problem || "sending");
      if (!problem) form.requestSubmit(event.submitter);
    }
  });
  addEventListener("pageshow", () => { // also when one comes back to it: what was sent does not count again
    if (state !== "sent") return;
    state = "idle";
    say();
    field.value = "";
    found = null;
  });
}

document.querySelectorAll("[data-proof]").forEach(guard);
