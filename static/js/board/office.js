// Keeps the office page as the server tells it: what changed is read anew from this very address.
import { reader } from "../core/refresh.js";
import { startClock, tick } from "../core/clock.js";
import { followCamera } from "./picture.js";
import { followRows } from "../core/socket.js";

const office = document.getElementById("office");
const LIVE = ["live-head", "live-today"];
const STRIP_MS = 60_000; // the strips grow with time, also when nothing happens
const version = office.dataset.version;
const readAnew = reader(LIVE, { after: tick });

startClock(office.dataset.now);
const names = JSON.parse(document.getElementById("counters").textContent);
for (const figure of document.querySelectorAll("[data-camera]")) followCamera(figure, names);

let first = true;
followRows(office.dataset.socket, (message) => {
  const [row] = message.rows;
  const same = first && String(row?.version) === version;
  first = false;
  if (!same) readAnew();
});
setInterval(() => document.hidden || readAnew(), STRIP_MS);
document.addEventListener("visibilitychange", () => document.hidden || readAnew());
