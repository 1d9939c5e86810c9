// The wall's screen: fullscreen, kept awake, reloaded for a new release; and its two dialogs.
import { fill, hourWithZone, words } from "../core/words.js";

const AGAIN_MS = 5000, APART_MS = 300_000;
const KEY = "wall-loaded-anew";

let loading = false;

/** Reloads the page once the server answers: a television must not end on a browser's error page. */
export async function loadAnew() {
  const before = Number(sessionStorage.getItem(KEY));
  // Not again so soon: while old and new servers run side by side, the wall would reload in a loop.
  if (loading || Date.now() - before < APART_MS) return;
  loading = true;
  for (;;) {
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.ok) break;
    } catch {
      // unreachable: try again
    }
    await new Promise((done) => { setTimeout(done, AGAIN_MS); });
  }
  sessionStorage.setItem(KEY, String(Date.now()));
  location.reload();
}

/** Keeps the screen from turning off. */
export function keepAwake() {
  const ask = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {}); // refused on a low battery
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
// Shortens the address: offices of a kecamatan that is chosen as a whole are left out.
arranging.querySelector("form").addEventListener("formdata", ({ formData }) => {
  const codes = formData.getAll("kantor").map(String), whole = formData.getAll("kecamatan").map(String);
  formData.delete("kantor");
  formData.delete("kecamatan");
  if (whole.length) formData.set("kecamatan", whole.join(","));
  const single = codes.filter((code) => !whole.some((area) => code.startsWith(`${area}.`)));
  if (single.length) formData.set("kantor", single.join(","));
});

/** Asks for the reason that closed offices require. send(reason) returns false while there is no connection. */
export function askWhy(send) {
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
    if (!send(reason.value)) problem.textContent = document.getElementById("freshness").textContent;
  });

  function show(until) {
    plain.hidden = Boolean(until);
    explained.hidden = !until;
    button.classList.toggle("is-on", Boolean(until));
    explained.textContent = until ? fill(words.closed_until, { at: hourWithZone(Date.parse(until)) }) : "";
  }

  return {
    /** Shows the button. any: there are closed offices. */
    offer(any) {
      button.hidden = !any && Boolean(explained.hidden);
    },
    /** Shows that no reason is in force. */
    forget() {
      show(null);
    },
    /** Shows the server's answer, a ClosedMessage of discipline/board/payloads.py. */
    answered(message) {
      problem.textContent = message.problem;
      if (!message.problem) dialog.close();
      show(message.until);
    },
  };
}
