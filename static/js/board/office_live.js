// The live page of an office: the player starts by itself, and the standing of the counters is kept as it is told.
import { reader } from "../core/refresh.js";
import { startClock, tick } from "../core/clock.js";
import "../live/player.js";
import { followRows } from "../core/socket.js";

const office = document.getElementById("office");
const readAnew = reader(["live-head", "live-today"], { after: tick });
let version = office.dataset.version;

startClock(office.dataset.now);
followRows(office.dataset.socket, ({ rows: [row] }) => {
  if (String(row?.version) === version) return;
  version = String(row?.version);
  readAnew();
});
