// The banner of a system incident, shown while one is open, and the notices that many cameras can't be read and that parts
// of Sidak stand still. Their words are those of incident.html and fleet.html.
import { fill, hourWithZone, words } from "./words.js";
import { write } from "./states.js";

const banner = document.getElementById("incident");
const notice = /** @type {HTMLElement} */ (document.querySelector("#fleet > p"));
const stillNotice = /** @type {HTMLElement} */ (document.querySelector("#still > p"));

/** incident: an IncidentSummary of discipline/board/payloads.py, or null. */
export function showIncident(incident) {
  banner.hidden = !incident;
  if (!incident) return;
  write(banner, "[data-since]", fill(words.incident, { at: hourWithZone(Date.parse(incident.since)) }));
  write(banner, "[data-cause]", fill(words.incidents[incident.kind], incident));
}

/** fleet: a FleetSummary of discipline/board/payloads.py, or null. */
export function showFleet(fleet) {
  notice.hidden = !fleet;
  if (fleet) write(notice, "[data-numbers]", fill(words.incidents.fleet_blind, fleet));
}

/** @param {string[]} parts codes of Heartbeat.Part of discipline/core/models.py */
export function showStill(parts) {
  stillNotice.hidden = !parts.length;
  write(stillNotice, "[data-parts]", parts.map((part) => words.parts[part] ?? part).join(", "));
}
