// Keeps the office page up to date.
import { followOffice } from "./follow_office.js";
import { followCamera } from "./picture.js";

const STRIP_MS = 60_000; // the day strips grow with time even without a change
const refresh = followOffice(document.getElementById("office"), ["live-head", "live-today"]);

const names = JSON.parse(document.getElementById("counters").textContent);
for (const figure of document.querySelectorAll("[data-camera]")) followCamera(figure, names);

setInterval(() => document.hidden || refresh(), STRIP_MS);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
