// The live page of an office: the player starts by itself, and the counters' standing is kept up to date.
import { followOffice } from "./follow_office.js";
import "../live/player.js";
followOffice(document.getElementById("office"), ["live-head", "live-today"]);
