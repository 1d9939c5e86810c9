// The map on the board. Loaded by map_switch.js when it is first opened.
import { openMap, writeNames } from "./base_map.js";
import { officeCard, pinOffices } from "./pins.js";
import { pinPoints } from "./point_pins.js";

/**
 * Draws the map. Rejected when something can't be loaded; the holder is then as before.
 * @param {HTMLElement} holder the element with the address of the data
 * @returns {Promise<{ paint(offices: any[]): void, paintPoints(points: any): void, shown(): void }>} paint: shows these
 *   offices; paintPoints: shows these street points; shown: the element was shown again
 */
export async function drawCityMap(holder) {
  const city = await openMap(holder);
  const { L, map, data } = city;
  const list = officeCard(holder, data.words);
  const pins = pinOffices(city, list, writeNames(city)), streets = pinPoints(city, list);
  pins.whole();
  map.setMinZoom(map.getZoom() - 0.5);
  const place = map.getContainer();
  place.setAttribute("aria-description", data.words.keys);
  const whole = L.control({ position: "topleft" });
  whole.onAdd = () => {
    const bar = L.DomUtil.create("div", "leaflet-bar"), button = document.createElement("button");
    button.type = "button";
    button.className = "map-whole";
    button.title = data.words.whole;
    button.setAttribute("aria-label", data.words.whole);
    button.textContent = "⤢";
    button.addEventListener("click", () => pins.whole());
    L.DomEvent.disableClickPropagation(bar);
    bar.append(button);
    return bar;
  };
  whole.addTo(map);
  const nothing = Object.assign(document.createElement("p"), { className: "map-nothing", textContent: data.words.nothing, hidden: true });
  holder.append(nothing);
  let offices = 0, points = 0;
  const showWhetherEmpty = () => { nothing.hidden = offices + points > 0; };
  return {
    paint(shown) {
      offices = shown.length;
      showWhetherEmpty();
      pins.paint(shown);
    },
    paintPoints(shown) {
      points = shown.rows.length;
      showWhetherEmpty();
      streets.paint(shown);
    },
    shown: () => map.invalidateSize({ animate: false }),
  };
}
