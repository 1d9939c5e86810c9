// Keeps the office page as the server tells it.
import { followOffice } from "./follow_office.js";
import { followCamera } from "./picture.js";

const STRIP_MS = 60_000; // the strips grow with time, also when nothing happens
const readAnew = followOffice(document.getElementById("office"), ["live-head", "live-today"]);

const names = JSON.parse(document.getElementById("counters").textContent);
for (const figure of document.querySelectorAll("[data-camera]")) followCamera(figure, names);

setInterval(() => document.hidden || readAnew(), STRIP_MS);
document.addEventListener("visibilitychange", () => document.hidden || readAnew());
