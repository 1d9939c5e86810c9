// Solves a challenge for a form while it is being filled in, so that programs can't send thousands of them cheaply.
// Sending waits for it. Nothing is asked of the person.

const VALID_MS = 15 * 60_000; // the server accepts a solution for 20 minutes
const LONGEST_MS = 60_000; // on any device: then something is wrong

/** @param {string} script @param {object} challenge @returns {Promise<number>} */
function solve(script, challenge) {
  const worker = new Worker(script);
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("too slow")), LONGEST_MS);
    worker.onmessage = ({ data }) => (data === null ? reject(new Error("no solution")) : resolve(data));
    worker.onerror = () => reject(new Error("no worker"));
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}

/** @param {HTMLElement} part the element with what a form needs for this */
function guard(part) {
  /** @type {HTMLFormElement} */
  const form = part.closest("form");
  /** @type {HTMLInputElement} */
  const field = part.querySelector("input");
  /** @type {[HTMLElement, HTMLElement]} */
  const [waiting, failed] = [part.querySelector("[data-waiting]"), part.querySelector("[data-failed]")];
  const { challenge: address, script } = part.dataset;
  /** @type {Promise<string> | null} */
  let found = null;
  let since = 0, solved = false;

  async function fetchAndSolve() {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const { most, ...challenge } = await answer.json();
    return btoa(JSON.stringify({ ...challenge, number: await solve(script, { ...challenge, most }) }));
  }

  /** Begins, unless a fresh solution is there or on its way. */
  function begin() {
    if (found && Date.now() - since < VALID_MS) return found;
    since = Date.now();
    solved = false;
    const own = fetchAndSolve();
    own.then(() => { solved = true; }, () => { if (found === own) found = null; }); // the next try begins anew
    found = own;
    return own;
  }

  form.addEventListener("focusin", () => { begin().catch(() => {}); });
  form.addEventListener("submit", async (event) => {
    if (field.value) return; // this script sends it
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    failed.hidden = true;
    const answer = begin();
    waiting.hidden = solved;
    try {
      field.value = await answer;
      form.requestSubmit(event.submitter);
    } catch {
      failed.hidden = false;
    } finally {
      waiting.hidden = true;
      delete form.dataset.sending;
    }
  });
  addEventListener("pageshow", () => { // also when one comes back to it: what was sent does not count again
    if (!field.value) return;
    field.value = "";
    found = null;
  });
}

document.querySelectorAll("[data-proof]").forEach(guard);
