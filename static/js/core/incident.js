// The banner of a system incident: there while one is open, the same words as in incident.html.
import { fill, hourWithZone, words } from "./words.js";
import { write } from "./states.js";

const banner = document.getElementById("incident");

/** incident: a dict of board.open_incident, or null. */
export function showIncident(incident) {
  banner.hidden = !incident;
  if (!incident) return;
  write(banner, "[data-since]", fill(words.incident, { at: hourWithZone(Date.parse(incident.since)) }));
  write(banner, "[data-cause]", fill(words.incidents[incident.kind], incident));
}
