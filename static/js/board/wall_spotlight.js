// What an operator has put on this screen: its title, its place on the map and the cameras near it, instead of the tiles.
import { now } from "../core/clock.js";
import { fill, hourWithZone, words } from "../core/words.js";
import { Frame } from "./wall_frames.js";

const NEAR = 16, CITY = 12.5; // zooms of the map: with streets, and with outlines alone

/**
 * @param {HTMLElement} holder
 * @param {Map<number, { frame: Frame }>} pictures filled with the pictures that are shown, by id
 * @param {{ send(message: any): boolean, changed(): void }} wall changed: called when other pictures are shown
 */
export function followSpotlight(holder, pictures, { send, changed }) {
  /** @type {(name: string) => HTMLElement} */
  const part = (name) => holder.querySelector(`[data-${name}]`);
  const stage = /** @type {HTMLElement} */ (document.querySelector(".wall-stage"));
  /** @type {HTMLTemplateElement} */
  const pattern = holder.querySelector("template");
  let shown = null;
  /** @type {Promise<any> | null} */
  let opening = null;

  /** Opens the map. @param {HTMLElement} place */
  async function open(place) {
    const { openMap, writeNames } = await import("../map/base_map.js");
    const city = await openMap(place, { fixed: true });
    city.map.setMaxBounds(null); // they would keep a pin near the edge of the city out of the middle
    const name = writeNames(city);
    const centre = () => {
      city.map.invalidateSize({ animate: false });
      if (!place.clientWidth || !opened.at) return;
      city.map.setView(opened.at, city.data.tiles ? NEAR : CITY, { animate: false });
      name([]);
    };
    const opened = { ...city, centre, at: null, pin: null };
    new ResizeObserver(centre).observe(place);
    return opened;
  }

  /** Shows where it is, once the map has loaded; without a map the words say it. @param {[number, number] | null} pin */
  async function point(pin) {
    const place = part("map");
    place.hidden = !pin;
    if (!pin) return;
    place.dataset.source = holder.dataset.source;
    try {
      opening ??= open(place);
      const city = await opening;
      city.at = pin;
      city.centre();
      const icon = city.L.divIcon({ className: "", iconSize: [0, 0], html: Object.assign(document.createElement("span"), { className: "pin-here" }) });
      city.pin?.remove();
      city.pin = city.L.marker(pin, { icon, interactive: false, keyboard: false }).addTo(city.map);
    } catch {
      opening = null;
      place.hidden = true;
      place.replaceChildren();
    }
  }

  /** @param {{ id: number, name: string }[]} tiles */
  function lay(tiles) {
    const list = part("tiles");
    list.replaceChildren();
    pictures.clear();
    for (const { id, name } of tiles) {
      const tile = /** @type {HTMLElement} */ (pattern.content.firstElementChild.cloneNode(true));
      tile.querySelector(".wall-name").textContent = name;
      list.append(tile);
      pictures.set(id, { frame: new Frame(tile) });
    }
    list.style.setProperty("--columns", String(Math.ceil(Math.sqrt(tiles.length)) || 1));
  }

  /** Shows a SpotlightSummary of discipline/board/payloads.py, or with null the wall again. */
  function show(spotlight) {
    shown = spotlight;
    holder.hidden = !spotlight;
    stage.hidden = Boolean(spotlight);
    lay(spotlight?.tiles ?? []);
    if (spotlight) {
      part("title").textContent = spotlight.title;
      part("place").textContent = spotlight.place;
      part("by").textContent = fill(words.spotlit, { name: spotlight.by, at: hourWithZone(Date.parse(spotlight.until)) });
      point(spotlight.pin);
      requestAnimationFrame(() => send({ taken: spotlight.id }));
    }
    changed();
  }

  part("end").addEventListener("click", () => send({ ended: shown?.id }));
  document.addEventListener("keydown", (event) => {
    if (shown && event.key === "Escape" && !document.querySelector("dialog[open]")) send({ ended: shown.id });
  });

  return {
    show,
    /** Once a second: the ages of the pictures, and the end, which comes without a connection, too. */
    tick() {
      for (const { frame } of pictures.values()) frame.showAge();
      if (shown && now() >= Date.parse(shown.until)) show(null);
    },
  };
}
