// The state of the street points on the wall, asked for again while it is seen. Their pictures come as those of offices do.
import { setState, write } from "../core/states.js";

/**
 * @param {string} address of the rows
 * @param {number} seconds between two questions
 * @param {Map<number, any>} places all tiles' places by id
 * @param {(shown: any) => void} changed called with the rows that are on the wall
 */
export function followPoints(address, seconds, places, changed) {
  async function ask() {
    if (document.hidden) return;
    let answer;
    try {
      const response = await fetch(address, { cache: "no-store" });
      if (!response.ok || response.redirected) return;
      answer = await response.json();
    } catch {
      return; // the next time
    }
    const shown = answer.rows.filter(({ id }) => places.has(id));
    for (const row of shown) {
      const place = places.get(row.id), { tile } = place;
      place.order = `${row.state === "point_trouble" ? 2 : 8}9${row.code}`; // as _order of street_points/on_wall.py
      place.state = row.state;
      setState(tile, row.state);
      for (const use of tile.querySelectorAll("use")) use.setAttribute("href", `#s-${row.state}`);
      write(tile, "[data-word]", row.word);
    }
    changed({ ...answer, rows: shown });
  }
  setInterval(ask, seconds * 1000);
  ask();
}
