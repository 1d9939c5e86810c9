// Keeps the office page up to date.
import { scrubber } from "./day.js";
import { followOffice } from "./follow_office.js";
import { officeMap } from "./office_map.js";
import { followCamera } from "./picture.js";

const STRIP_MS = 60_000; // the day strips grow with time even without a change
const map = officeMap(document.getElementById("office-map"));
const day = scrubber(document.getElementById("day"));
const refresh = followOffice(document.getElementById("office"), ["live-head", "live-today", "live-events", "live-feed"], map.paint, () => day?.renew());

const names = JSON.parse(document.getElementById("counters").textContent);
for (const figure of document.querySelectorAll("[data-camera]")) followCamera(figure, names);

setInterval(() => document.hidden || refresh(), STRIP_MS);
document.addEventListener("visibilitychange", () => document.hidden || refresh());
