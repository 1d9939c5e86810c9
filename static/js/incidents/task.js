// The officer's steps: kept on the phone until the server has them. Photos are made smaller before.
/** @import { Entry } from "../core/queue.js" */
/** @import { Outcome } from "../core/sender.js" */
import { openQueue, uuid } from "../core/queue.js";
import { makeSender, post } from "../core/sender.js";
import { smaller } from "../core/smaller.js";

const QUEUE = "sidak-tasks";
/** @type {HTMLElement | null} */
const actions = document.querySelector("[data-task-actions]");
/** @type {(name: string) => HTMLElement} */
const part = (name) => document.querySelector(`[data-${name}]`);

/** @param {Entry} entry @returns {Promise<Outcome>} */
async function sendStep({ address, key, state, text, happened_at: at, photo }) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ key, state, text, happened_at: at })) form.append(name, String(value));
  if (photo) form.append("attachment", photo, "foto.jpg");
  const outcome = await post(address, form);
  if (!outcome) return "later";
  const { answer, json } = outcome;
  if (answer.ok && json) return "sent";
  if (json?.error) return { refused: json.error };
  if (answer.redirected || answer.status === 403) return "login";
  return answer.status === 404 || answer.status === 413 ? { refused: String(answer.status) } : "later";
}

async function start() {
  const queue = await openQueue(QUEUE, part("task-user").dataset.taskUser);

  /** @param {Entry[]} waiting */
  function showWaiting(waiting) {
    part("waiting").hidden = !waiting.length;
    part("number").textContent = String(waiting.length);
  }
  /** Shows what may follow on a state, which the server may not know yet. @param {string} state */
  function showActions(state) {
    for (const action of /** @type {NodeListOf<HTMLElement>} */ (actions.querySelectorAll("[data-after]"))) {
      action.hidden = !action.dataset.after.split(" ").includes(state);
      for (const button of action.querySelectorAll("button")) button.disabled = false;
      for (const details of action.querySelectorAll("details")) details.open = state === "arrived";
    }
  }

  const send = makeSender(QUEUE, queue, sendStep, ({ waiting, login, sent, refused }) => {
    showWaiting(waiting);
    part("login").hidden = !login;
    if (refused) {
      part("refused").textContent = refused;
      part("refused").hidden = false;
    } else if (sent && !waiting.length) location.reload();
  });
  actions?.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target), data = new FormData(form);
    event.preventDefault();
    for (const button of actions.querySelectorAll("button")) button.disabled = true;
    const photo = /** @type {File | null} */ (data.get("attachment"));
    await queue.add({
      address: form.action, key: uuid(), state: String(data.get("state")), text: String(data.get("text") ?? ""),
      happened_at: Date.now(), photo: photo?.size ? await smaller(photo) : undefined,
    });
    showWaiting(await queue.all());
    showActions(String(data.get("state")));
    await send();
  });
  showWaiting(await queue.all());
  await send();
}

start();
