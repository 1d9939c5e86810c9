// The video wall: standings and newest pictures of the chosen offices. The page stays open for a week and longer.
import { now, startClock, writeElapsed } from "../core/clock.js";
import { followRows } from "../core/socket.js";
import { setState, write } from "../core/states.js";
import { byKey } from "./arrange.js";
import { rowCause, rowWord } from "./row_words.js";
import { Frame, takePictures } from "./wall_frames.js";
import { followPoints } from "./wall_points.js";
import { followSpotlight } from "./wall_spotlight.js";
import { Pages } from "./wall_pages.js";
import { askWhy, keepAwake, loadAnew } from "./wall_screen.js";
import { hourWithZone } from "../core/words.js";

const wall = document.getElementById("wall");
const SETTLE_MS = 200;

const offices = new Map([...wall.children].map((tile) => {
  const { office, version, group, order, state, kecamatan } = tile.dataset;
  return [Number(office), { id: Number(office), tile, version: Number(version), group, order, state, frame: new Frame(tile), kecamatan, point: "point" in tile.dataset,
    name: tile.querySelector(".wall-name").textContent, url: tile.querySelector("a").getAttribute("href") }];
}));

/** The offices alone: the board's rows and the map are about them. */
const onlyOffices = () => [...offices.values()].filter(({ point }) => !point);
const officeCount = onlyOffices().length;

const pages = new Pages(wall, () => {
  const all = [...offices.values()];
  return wall.dataset.order === "masalah" ? all.sort(byKey("order")) : all;
}, ask);

function paint(office, row) {
  const { tile } = office;
  Object.assign(office, { version: row.version, group: row.group, state: row.state, order: row.wall_order });
  setState(tile, row.state);
  for (const use of tile.querySelectorAll("use")) use.setAttribute("href", `#s-${row.state}`);
  write(tile, "[data-word]", rowCause(row) || rowWord(row));
  tile.querySelector("[data-none]").hidden = row.state === "closed";
  const elapsed = tile.querySelector(".elapsed");
  elapsed.dataset.from = row.timed_from ?? "";
  writeElapsed(elapsed);
}

function count() {
  const counts = {};
  for (const { group } of onlyOffices()) counts[group] = (counts[group] ?? 0) + 1;
  for (const part of document.querySelectorAll("[data-part]")) {
    const number = counts[part.dataset.part] ?? 0;
    part.hidden = !number;
    write(part, "[data-count]", String(number));
  }
  why.offer(Boolean(counts.closed || counts.none));
}

/** Applies the board's rows. Reloads the page when the user's scope has gained or lost an office. */
function onRows({ type, rows }) {
  const whole = type === "snapshot";
  const known = rows.filter((row) => offices.has(row.id));
  if (whole && (known.length !== rows.length || rows.length !== officeCount)) {
    loadAnew();
    return;
  }
  for (const row of known) {
    const office = offices.get(row.id);
    if (whole || row.version >= office.version) paint(office, row);
  }
  count();
  pages.arrange();
  map?.paint(onlyOffices());
}

function onOther(message) {
  if (message.type === "wall" && message.build !== wall.dataset.build) loadAnew();
  if (message.type === "closed") why.answered(message);
  if (message.type === "spotlight") spotlight?.show(message.spotlight);
}

let soon = 0;

/** Sends which tiles are on the screen. The server answers once, as soon as one of them has a new picture. */
function ask() {
  clearTimeout(soon);
  soon = setTimeout(() => connection.send({ see: document.hidden ? [] : [...pages.onScreen(), ...spotlit.keys()] }), SETTLE_MS);
}

function onOpen() {
  why.forget(); // the server keeps a reason for one connection only
  ask();
}

function onBinary(buffer) {
  takePictures(buffer, { get: (id) => offices.get(id) ?? spotlit.get(id) });
  ask();
}

startClock(wall.dataset.now);
pages.arrange();
const holder = document.getElementById("spotlight");
/** The pictures of what an operator has put on this screen, by id. @type {Map<number, { frame: Frame }>} */
const spotlit = new Map();
const spotlight = holder && followSpotlight(holder, spotlit, { send: (message) => connection.send(message), changed: () => { pages.fit(); ask(); } });
const connection = followRows(wall.dataset.socket + location.search, onRows, { onOther, onBinary, onOpen });
const why = askWhy((reason) => connection.send({ reason }));
document.addEventListener("visibilitychange", ask);
keepAwake();

const mapHolder = document.getElementById("wall-map");
let map = null;
if (mapHolder) {
  // Leaflet and the outlines follow; a wall without a map loads nothing of it.
  import("./wall_map.js").then(async ({ drawWallMap }) => {
    map = await drawWallMap(mapHolder, onlyOffices());
    map.paint(onlyOffices());
  });
}
if (wall.dataset.points) {
  followPoints(wall.dataset.points, Number(wall.dataset.refresh), offices, (shown) => {
    pages.arrange();
    map?.paintPoints(shown);
  });
}

const clock = document.getElementById("clock");
setInterval(() => {
  if (document.hidden) return;
  const text = hourWithZone(now());
  if (clock.textContent !== text) clock.textContent = text;
  for (const office of offices.values()) if (!office.tile.hidden) office.frame.showAge();
  spotlight?.tick();
}, 1000);
