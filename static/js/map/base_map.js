// The map without its pins: Leaflet, the outlines and, where the city has a server for them, tiles. Leaflet and the data
// are loaded here, when somebody opens the map: discipline/board/city_map/map_views.py.
import { holds } from "./gather.js";

/** @type {Map<string, Promise<unknown>>} */
const loaded = new Map();

/** Adds a script or style sheet to the page, once. @param {string} address @param {() => HTMLElement} make */
function load(address, make) {
  const before = loaded.get(address);
  if (before) return before;
  const element = make();
  const arriving = new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", () => {
      loaded.delete(address); // the next try asks again
      element.remove();
      reject(new Error(address));
    });
  });
  loaded.set(address, arriving);
  document.head.append(element);
  return arriving;
}

const script = (address) => load(address, () => Object.assign(document.createElement("script"), { src: address }));
const styles = (address) => load(address, () => Object.assign(document.createElement("link"), { rel: "stylesheet", href: address }));

async function read(address) {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

const escaped = (text) => Object.assign(document.createElement("p"), { textContent: text }).innerHTML;

/**
 * Opens the map in an element, whose data-source is the address of the data.
 * @param {HTMLElement} holder
 * @param {{ fixed?: boolean, [name: string]: any }} [options] fixed: the map is not moved or zoomed by hand; more of Leaflet's
 * @returns {Promise<{ L: any, map: any, data: any, positions: Map<number, any> }>} rejected when something can't be loaded
 */
export async function openMap(holder, { fixed = false, ...options } = {}) {
  const data = await read(holder.dataset.source);
  await Promise.all([script(data.files.script), ...data.files.styles.map(styles)]);
  const L = window.L, still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const place = document.createElement("div");
  place.className = "map-place";
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", data.words.map);
  holder.append(place);
  const map = L.map(place, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.1, maxZoom: 17, maxBoundsViscosity: 0.8,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still, ...options,
    ...(fixed && { dragging: false, touchZoom: false, doubleClickZoom: false, boxZoom: false, keyboard: false, zoomAnimation: false }),
  });
  if (!fixed) L.control.zoom({ zoomInTitle: data.words.nearer, zoomOutTitle: data.words.farther }).addTo(map);
  L.control.attribution({ prefix: false }).addAttribution(escaped(data.words.note)).addTo(map);
  const ground = L.polygon(data.city, { className: "map-city", interactive: false });
  if (data.tiles) {
    place.classList.add("has-tiles");
    L.tileLayer(data.tiles.url, { attribution: escaped(data.tiles.attribution) }).addTo(map);
  }
  ground.addTo(map);
  for (const { rings } of data.kecamatan) L.polygon(rings, { className: "map-kecamatan", interactive: false }).addTo(map);
  map.setMaxBounds(ground.getBounds().pad(0.3));
  const positions = new Map(data.offices.map(([id, ...position]) => [id, L.latLng(position)]));
  return { L, map, data, positions };
}

/** Pixels by which a name may be moved from the middle of its kecamatan, the best first. */
const PLACES = [[0, 0], [0, -26], [0, 26], [-44, 0], [44, 0], [0, -48], [0, 48], [-60, -26], [60, -26], [-60, 26], [60, 26]];
const NAME_HEIGHT = 16;

const overlap = (one, other) => (
  Math.abs(one.x - other.x) < (one.width + other.width) / 2 && Math.abs(one.y - other.y) < (one.height + other.height) / 2);

/** Returns the pixels of the page's letters for one of usual size: they grow on a wall of screens. */
export const unit = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/**
 * Writes the names of the kecamatan, `scale` times as large as on the board.
 * @returns {(taken: { x: number, y: number, width: number, height: number }[]) => void} moves the names, inside their
 *   outlines, to where nothing else is (in pixels of map.project), and hides those that find no place. To be called after
 *   each change of the zoom
 */
export function writeNames({ L, map, data }, scale = 1) {
  const size = scale * unit();
  const names = data.kecamatan.map(({ name, at, rings }) => {
    const element = Object.assign(document.createElement("span"), { className: "map-name", textContent: name });
    element.setAttribute("aria-hidden", "true"); // the pins say it
    const icon = L.divIcon({ html: element, className: "", iconSize: [0, 0] });
    L.marker(at, { icon, interactive: false, keyboard: false, zIndexOffset: -10_000 }).addTo(map);
    return { element, at, rings, width: (name.length * 7.5 + 6) * size };
  });
  return (taken) => {
    const full = [...taken];
    for (const { element, at, rings, width } of names) {
      const middle = map.project(at), outline = rings.map((ring) => ring.map((corner) => map.project(corner)));
      const place = PLACES.map(([right, down]) => ({ x: middle.x + right * size, y: middle.y + down * size, width, height: NAME_HEIGHT * size }))
        .find((wanted) => holds(wanted, outline) && !full.some((one) => overlap(one, wanted)));
      element.hidden = !place;
      if (!place) continue;
      full.push(place);
      element.style.left = `${place.x - middle.x}px`;
      element.style.top = `${place.y - middle.y}px`;
    }
  };
}
