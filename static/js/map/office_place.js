// The small map: the office with its state, and its neighbours, whose states this page does not follow.
import { setState, shape } from "../core/states.js";
import { fill, words } from "../core/words.js";
import { openMap, writeNames } from "./base_map.js";

/**
 * @param {HTMLElement} holder names the office, too: data-office and data-name
 * @param {NodeListOf<HTMLAnchorElement>} neighbours links of the list below the map
 * @returns {Promise<{ paint(row: any): void }>} paint: shows the office's state
 */
export async function drawOfficeMap(holder, neighbours) {
  const touch = matchMedia("(pointer: coarse)").matches;
  const city = await openMap(holder, { dragging: !touch }); // a finger scrolls the page; two move the map
  const { L, map, positions, data } = city;
  const here = positions.get(Number(holder.dataset.office));
  const shown = [here];
  for (const link of neighbours) {
    const at = positions.get(Number(link.dataset.neighbour));
    const pin = document.createElement("a");
    pin.className = "place-pin";
    pin.href = link.getAttribute("href");
    pin.textContent = link.textContent;
    pin.tabIndex = -1; // the list below has the same links
    pin.setAttribute("aria-hidden", "true");
    L.marker(at, { icon: L.divIcon({ html: pin, className: "pin-place", iconSize: [0, 0] }), interactive: false, keyboard: false }).addTo(map);
    shown.push(at);
  }
  const own = document.createElement("span");
  own.className = "pin own is-none";
  own.setAttribute("role", "img");
  L.marker(here, {
    icon: L.divIcon({ html: own, className: "pin-place", iconSize: [0, 0] }), interactive: false, keyboard: false, zIndexOffset: 10_000,
  }).addTo(map);
  map.fitBounds(L.latLngBounds(shown).pad(0.2), { maxZoom: 14 });
  const nameKecamatan = writeNames(city);
  const writeThem = () => nameKecamatan([
    { ...map.project(here), width: holder.dataset.name.length * 9 + 40, height: 32 },
    ...[...neighbours].map((link) => {
      const { x, y } = map.project(positions.get(Number(link.dataset.neighbour))), width = link.textContent.length * 7 + 16;
      return { x: x + width / 2 - 8, y, width, height: 18 };
    }),
  ]);
  map.on("zoomend", writeThem);
  writeThem();

  function paint(row) {
    setState(own, row.state);
    own.replaceChildren(shape(row.state, ""), holder.dataset.name);
    own.setAttribute("aria-label", fill(data.words.pin, { name: holder.dataset.name, kecamatan: row.kecamatan.name, state: words.states[row.state] }));
  }
  own.textContent = holder.dataset.name;
  own.setAttribute("aria-label", holder.dataset.name);
  return { paint };
}
