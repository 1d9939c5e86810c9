// The message at the bottom after a decision, with the time left to undo it. Undoing is recorded by the server.
import { countDown } from "./decision.js";

const toast = document.getElementById("toast");
const text = toast.querySelector("p");
const undo = toast.querySelector("[data-undo]");
const word = document.getElementById("inbox").dataset.left;
let stop = () => {};
/** @type {(() => void) | null} */
let taking = null;

function end() {
  stop();
  taking = null;
  undo.hidden = true;
}

export function hideToast() {
  end();
  toast.hidden = true;
}

/**
 * @param {string} message
 * @param {object} [options]
 * @param {string | null} [options.until] until when it can be undone, ISO 8601
 * @param {() => void} [options.takeBack]
 * @param {boolean} [options.failed]
 */
export function showToast(message, { until = null, takeBack = () => {}, failed = false } = {}) {
  end();
  toast.hidden = false;
  toast.classList.toggle("failed", failed);
  text.textContent = message;
  if (!until) return;
  taking = takeBack;
  undo.hidden = false;
  stop = countDown(undo.querySelector(".left"), word, Date.parse(until), hideToast);
}

/** Undoes what the message is about, if it still can be. */
export function takeBackLast() {
  const act = taking;
  if (!act) return;
  end();
  act();
}

undo.addEventListener("click", takeBackLast);
toast.querySelector("[data-close]").addEventListener("click", hideToast);
