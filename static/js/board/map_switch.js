// The board as a list or as a map. Loaded when the map is first opened; Leaflet and the outlines follow.
import { drawCityMap } from "../map/city_map.js";

/**
 * Opens the map, and follows the two buttons from now on.
 * @param {HTMLElement} columns holds the list and the map
 * @param {() => void} changed called when the other one is shown
 * @returns {{ open(): boolean, paint(offices: any[]): void, paintPoints(points: any): void }} open: whether the map is
 *   shown; paint: shows these offices; paintPoints: shows these street points
 */
export function mapSwitch(columns, changed) {
  const holder = document.getElementById("map"), note = document.getElementById("map-failed");
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll("#views button");
  let open = true, drawn = null, drawing = false, latest = [], points = null;

  async function draw() {
    if (drawn || drawing) return;
    drawing = true;
    note.hidden = true;
    try {
      drawn = await drawCityMap(holder);
      drawn.paint(latest);
      if (points) drawn.paintPoints(points);
    } catch {
      note.hidden = false; // a click on "Peta" tries again
    }
    drawing = false;
  }

  function show(map) {
    open = map;
    columns.classList.toggle("on-map", map);
    holder.hidden = !map;
    for (const button of buttons) button.setAttribute("aria-pressed", String((button.value === "map") === map));
    if (!map) return;
    if (drawn) drawn.shown();
    else draw();
  }

  for (const button of buttons) {
    button.addEventListener("click", () => {
      show(button.value === "map");
      changed();
    });
  }
  const map = {
    open: () => open,
    paint(offices) {
      latest = offices;
      if (open) drawn?.paint(offices);
    },
    paintPoints(shown) {
      points = shown;
      if (open) drawn?.paintPoints(shown);
    },
  };
  show(true);
  return map;
}
