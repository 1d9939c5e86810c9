// The page on which spot checks begin: what still waits on this phone is sent from here too.
import { openQueue } from "./queue.js";
import { makeSender } from "./sender.js";

const note = document.getElementById("queue-state");
const queue = await openQueue(note.dataset.owner);

function show({ waiting }) {
  const offices = new Set(waiting.map((said) => `${said.send} ${said.place}`)).size;
  note.hidden = !offices;
  note.textContent = (offices === 1 ? note.dataset.one : note.dataset.many).replace("%(n)s", String(offices));
}

const send = makeSender(queue, (news) => {
  show(news);
  if (news.sent && !news.waiting.length) location.reload(); // the lists below know it now
});
show({ waiting: await queue.all() });
send();
