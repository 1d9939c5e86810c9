// The banner of a system incident, shown while one is open. Its words are those of incident.html.
import { fill, hourWithZone, words } from "./words.js";
import { write } from "./states.js";

const banner = document.getElementById("incident");

/** incident: an IncidentSummary of discipline/board/payloads.py, or null. */
export function showIncident(incident) {
  banner.hidden = !incident;
  if (!incident) return;
  write(banner, "[data-since]", fill(words.incident, { at: hourWithZone(Date.parse(incident.since)) }));
  write(banner, "[data-cause]", fill(words.incidents[incident.kind], incident));
}
