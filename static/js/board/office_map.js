// The small map of the office page. It loads when it is opened: on a wide window with the page, on a phone by a tap.

const WIDE = "(min-width: 64rem)";

/**
 * @param {HTMLDetailsElement} details
 * @returns {{ paint(row: any): void }} paint: shows the state of the office
 */
export function officeMap(details) {
  const holder = details.querySelector(".map"), note = details.querySelector("[role=status]");
  let drawn = null, drawing = false, latest = null;

  async function draw() {
    if (!details.open || drawn || drawing) return;
    drawing = true;
    note.hidden = true;
    try {
      const { drawOfficeMap } = await import("../map/office_place.js");
      drawn = await drawOfficeMap(holder, document.querySelectorAll("[data-neighbour]"));
      if (latest) drawn.paint(latest);
    } catch {
      note.hidden = false; // opening it again tries again
    }
    drawing = false;
  }

  details.addEventListener("toggle", draw);
  details.open = matchMedia(WIDE).matches;
  return {
    paint(row) {
      latest = row;
      drawn?.paint(row);
    },
  };
}
