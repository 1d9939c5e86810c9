// The public points on the map. The list below it has the same links, in order.
import { shape } from "../core/states.js";
import { openMap, writeNames } from "../map/base_map.js";

/**
 * @param {HTMLElement} holder has the addresses of the map's data and of the points
 * @param {HTMLElement} list whose points are shown
 * @returns {Promise<any>} the map; rejected when something can't be loaded
 */
export async function drawPoints(holder, list) {
  const [city, answer] = await Promise.all([openMap(holder), fetch(holder.dataset.points)]);
  const { L, map } = city, { features } = await answer.json();
  const shown = [];
  for (const { geometry, properties } of features) {
    const card = list.querySelector(`[data-code="${properties.code}"]`);
    if (!card) continue; // filtered
    const at = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
    const state = properties.state === "closed" ? "shut" : properties.state;
    const pin = Object.assign(document.createElement("a"), { className: `pin is-${state}`, href: card.querySelector("a").getAttribute("href") });
    pin.setAttribute("aria-label", `${properties.name}: ${card.querySelector(".state-word").textContent.trim()}`);
    const name = Object.assign(document.createElement("span"), { className: "pin-name", textContent: properties.name });
    pin.append(shape(state, ""), name);
    L.marker(at, { icon: L.divIcon({ html: pin, className: "pin-place", iconSize: [0, 0] }), interactive: false, keyboard: false })
      .bindTooltip(Object.assign(document.createElement("span"), { textContent: pin.getAttribute("aria-label") }), { direction: "top", offset: [0, -16] })
      .addTo(map);
    shown.push(at);
  }
  if (shown.length) map.fitBounds(L.latLngBounds(shown).pad(0.2), { maxZoom: 14 });
  const write = writeNames(city);
  map.on("zoomend", () => write([]));
  write([]);
  return city;
}
