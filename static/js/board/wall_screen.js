// The wall as a screen: full, awake, loaded anew when there is a newer one; and the two dialogs.
import { fill, hourWithZone, words } from "../core/words.js";

const AGAIN_MS = 5000, APART_MS = 300_000;
const KEY = "wall-loaded-anew";

let loading = false;

/** Loads the page anew, when the server answers: a television must not end on an error of the browser. */
export async function loadAnew() {
  const before = Number(sessionStorage.getItem(KEY));
  if (loading || Date.now() - before < APART_MS) return; // an older server beside a newer one: not in turns for ever
  loading = true;
  for (;;) {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.ok) break;
    } catch {
      // it is away: once more
    }
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
  }
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
}

/** A television that sleeps shows nothing. */
export function keepAwake() {
  const ask = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {}); // low battery: its own choice
  document.addEventListener("visibilitychange", ask);
  ask();
}

function toggleFullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

/** @type {HTMLDialogElement} */
const arranging = document.getElementById("arranging");
document.querySelector('[data-do="fullscreen"]').addEventListener("click", toggleFullscreen);
document.querySelector('[data-do="arrange"]').addEventListener("click", () => arranging.showModal());
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.querySelector('[data-do="close"]').addEventListener("click", () => dialog.close());
}
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.closest("input, textarea, select, dialog")) toggleFullscreen();
});
// One address for one choice: a kecamatan that is chosen whole needs none of its offices in it.
arranging.querySelector("form").addEventListener("formdata", ({ formData }) => {
  const codes = formData.getAll("kantor").map(String), whole = formData.getAll("kecamatan").map(String);
  formData.delete("kantor");
  formData.delete("kecamatan");
  if (whole.length) formData.set("kecamatan", whole.join(","));
  const single = codes.filter((code) => !whole.some((area) => code.startsWith(`${area}.`)));
  if (single.length) formData.set("kantor", single.join(","));
});

/** Closed offices are shown to those who say why. say(reason) asks the server; answered(message) is its answer. */
export function askWhy(say) {
  const button = document.getElementById("explain");
  /** @type {HTMLDialogElement} */
  const dialog = document.getElementById("explaining");
  const plain = button.querySelector("[data-plain]"), explained = button.querySelector("[data-explained]");
  const problem = document.getElementById("reason-problem");
  /** @type {HTMLTextAreaElement} */
  const reason = document.getElementById("reason");
  button.addEventListener("click", () => dialog.showModal());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!say(reason.value)) problem.textContent = document.getElementById("freshness").textContent;
  });

  function show(until) {
    plain.hidden = Boolean(until);
    explained.hidden = !until;
    button.classList.toggle("is-on", Boolean(until));
    explained.textContent = until ? fill(words.closed_until, { at: hourWithZone(Date.parse(until)) }) : "";
  }

  return {
    /** any: there are closed offices to look into. */
    offer(any) {
      button.hidden = !any && Boolean(explained.hidden);
    },
    forget() {
      show(null);
    },
    answered(message) {
      problem.textContent = message.problem;
      if (!message.problem) dialog.close();
      show(message.until);
    },
  };
}
