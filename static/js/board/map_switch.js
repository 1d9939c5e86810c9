// The board as a list or as a map. The map's code, Leaflet and the outlines load when it is first opened.

/**
 * Follows the two buttons and the address (?tampilan=peta).
 * @param {HTMLElement} columns holds the list and the map
 * @param {() => void} changed called when the other one is shown
 * @returns {{ open(): boolean, paint(offices: any[]): void }} paint: keeps the map up to date, if there is one
 */
export function mapSwitch(columns, changed) {
  const holder = document.getElementById("map"), note = document.getElementById("map-failed");
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = document.querySelectorAll("#views button");
  let open = false, drawn = null, drawing = false, latest = [];

  async function draw() {
    if (drawn || drawing) return;
    drawing = true;
    note.hidden = true;
    try {
      const { drawCityMap } = await import("./map/city_map.js");
      drawn = await drawCityMap(holder);
      drawn.paint(latest);
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
  show(new URLSearchParams(location.search).get("tampilan") === "peta");
  return {
    open: () => open,
    paint(offices) {
      latest = offices;
      if (open) drawn?.paint(offices);
    },
  };
}
