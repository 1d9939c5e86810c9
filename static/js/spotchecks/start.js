// The page on which spot checks start. It also sends entries that are still queued on this phone.
import { openQueue } from "../core/queue.js";
import { makeSender } from "../core/sender.js";
import { QUEUE, sendEntry } from "./send.js";

const note = document.getElementById("queue-state");
const queue = await openQueue(QUEUE, note.dataset.owner);

function show({ waiting }) {
  const offices = new Set(waiting.map((entry) => `${entry.send} ${entry.place}`)).size;
  note.hidden = !offices;
  note.textContent = (offices === 1 ? note.dataset.one : note.dataset.many).replace("%(n)s", String(offices));
}

const send = makeSender(QUEUE, queue, sendEntry, (progress) => {
  show(progress);
  if (progress.sent && !progress.waiting.length) location.reload(); // updates the lists below
});
show({ waiting: await queue.all() });
send();
