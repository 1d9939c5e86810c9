// Keeps the office page as the server tells it: what changed is read anew from this very address.
import { startClock, tick } from "./clock.js";
import { followCamera } from "./picture.js";
import { openLine } from "./socket.js";

const office = document.getElementById("office");
const LIVE = ["live-head", "live-today"];
const STRIP_MS = 60_000; // the strips grow with time, also when nothing happens
let version = office.dataset.version, reading = false, again = false;

async function readAnew() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (answer.redirected || answer.status === 404) location.reload();
    if (answer.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of LIVE) {
        const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
        if (old && fresh && old.innerHTML !== fresh.innerHTML) old.replaceChildren(...fresh.childNodes);
      }
      tick();
    }
  } catch {
    again = false; // the line tells that it is broken, and brings a snapshot when it is mended
  }
  reading = false;
  if (again) {
    again = false;
    readAnew();
  }
}

startClock(office.dataset.now);
const names = JSON.parse(document.getElementById("counters").textContent);
for (const figure of document.querySelectorAll("[data-camera]")) followCamera(figure, names);

let first = true;
openLine(office.dataset.socket, (message) => {
  const [row] = message.rows;
  const same = first && String(row?.version) === version;
  first = false;
  if (!same) readAnew();
});
setInterval(() => document.hidden || readAnew(), STRIP_MS);
document.addEventListener("visibilitychange", () => document.hidden || readAnew());
