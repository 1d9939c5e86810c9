// The live page of an office: the player starts by itself, and the standing of the counters is kept as it is told.
import { reader } from "./anew.js";
import { startClock, tick } from "./clock.js";
import "./live.js";
import { openLine } from "./socket.js";

const office = document.getElementById("office");
const readAnew = reader(["live-head", "live-today"], { after: tick });
let version = office.dataset.version;

startClock(office.dataset.now);
openLine(office.dataset.socket, ({ rows: [row] }) => {
  if (String(row?.version) === version) return;
  version = String(row?.version);
  readAnew();
});
