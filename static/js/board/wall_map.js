// The map on the wall: the chosen offices, always whole, with pins that can be read across a room. Loaded when it is chosen.
import { openMap, writeNames } from "../map/base_map.js";
import { pinOffices } from "../map/pins.js";
import { pinPoints } from "../map/point_pins.js";

const ROOM = 1.6; // how many times larger pins and names are than on the board, except on a phone
const AGAIN_MS = 10_000;

/**
 * Draws the map; tries again until it succeeds, as nobody sits before a wall.
 * @param {HTMLElement} holder the element with the address of the data
 * @param {any[]} chosen the offices of the wall
 * @returns {Promise<{ paint(offices: any[]): void, paintPoints(points: any): void }>} paint: shows these offices; paintPoints:
 *   these street points
 */
export async function drawWallMap(holder, chosen) {
  /** @type {HTMLElement} */
  const note = holder.querySelector(".wall-map-failed");
  const scale = matchMedia("(min-width: 48rem)").matches ? ROOM : 1;
  for (;;) {
    try {
      const city = await openMap(holder, { fixed: true });
      const pins = pinOffices(city, () => {}, writeNames(city, scale), { fixed: true, scale });
      const fit = () => {
        city.map.invalidateSize({ animate: false });
        if (holder.clientWidth) pins.whole(chosen);
      };
      fit();
      new ResizeObserver(fit).observe(holder);
      note.hidden = true;
      const streets = pinPoints(city, () => {}, { fixed: true, scale });
      return { paint: pins.paint, paintPoints: streets.paint };
    } catch {
      note.hidden = false;
      holder.querySelector(".map-place")?.remove();
      await new Promise((done) => { setTimeout(done, AGAIN_MS); });
    }
  }
}
