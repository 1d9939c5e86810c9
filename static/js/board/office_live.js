// The live page of an office: the player starts by itself, and the standing of the counters is kept as it is told.
import { followOffice } from "./follow_office.js";
import "../live/player.js";
followOffice(document.getElementById("office"), ["live-head", "live-today"]);
