// Keeps the office page up to date.
import { followOffice } from "./follow_office.js";
import { officeMap } from "./office_map.js";
import { followCamera } from "./picture.js";

const STRIP_MS = 60_000; // the day strips grow with time even without a change
const map = officeMap(document.getElementById("office-map"));
const refresh = followOffice(document.getElementById("office"), ["live-head", "live-today"], map.paint);

const names = JSON.parse(document.getElementById("counters").textContent);
for (const figure of document.querySelectorAll("[data-camera]")) followCamera(figure, names);

setInterval(() => document.hidden || refresh(), STRIP_MS);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
