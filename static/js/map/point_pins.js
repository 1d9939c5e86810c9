// Street points on the map: pins of their own shape and colour, never gathered with offices.
import { pinOffices } from "./pins.js";

/**
 * @param {any} city from base_map.js
 * @param {(points: any[], order: (point: any) => number) => void} list shows points beside the map; [] for none
 * @param {{ fixed?: boolean, scale?: number }} [options] as of pinOffices
 * @returns {{ paint(shown: { rows: any[], states: string[], words: Record<string, string> }): void }} paint: shows these rows
 *   of discipline/board/street_points
 */
export function pinPoints(city, list, options = {}) {
  let pins = null;
  const positions = new Map();
  return {
    paint({ rows, states, words }) {
      for (const { id, at } of rows) if (at) positions.set(id, city.L.latLng(at));
      const data = { ...city.data, groups: states, words: { ...city.data.words, ...words } };
      pins ??= pinOffices({ ...city, data, positions }, list, () => {}, { ...options, kind: "point" });
      pins.paint(rows.map((row) => ({ ...row, group: row.state, kecamatan: row.agency, from: null })));
    },
  };
}
