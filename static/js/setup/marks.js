// Lists what was detected as people in the newest picture, so that the operator can mark what is none.
import { clamp } from "../core/geometry.js";

const ROUND = 0.06; // share of the box's sides that is added around it, to include the frame of a portrait
const SHOWN = 8;
const round = (value) => Math.round(clamp(value) * 10000) / 10000;

/** boxes: [x0, y0, x1, y1] as fractions; label({ n }) returns a name; mark(polygon) is called with the chosen one. */
export function offerMarks(list, boxes, label, mark) {
  const panel = list.closest("[hidden]");
  if (panel) panel.hidden = boxes.length === 0;
  list.replaceChildren(...boxes.slice(0, SHOWN).map(([x0, y0, x1, y1], i) => {
    /** @type {HTMLTemplateElement} */
    const template = document.getElementById("seen-box");
    const item = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
    item.querySelector(".name").textContent = label({ n: i + 1 });
    const [dx, dy] = [ROUND * (x1 - x0), ROUND * (y1 - y0)];
    const [left, top, right, bottom] = [x0 - dx, y0 - dy, x1 + dx, y1 + dy].map(round);
    crop(item.querySelector("canvas"), [left, top, right, bottom]);
    item.querySelector("button").addEventListener("click", () => {
      item.remove();
      mark([[left, top], [right, top], [right, bottom], [left, bottom]]);
    });
    return item;
  }));
}

/** Draws the box's part of the picture, in which a portrait is easy to tell from a person. */
function crop(canvas, [left, top, right, bottom]) {
  /** @type {HTMLImageElement} */
  const picture = document.getElementById("picture");
  if (!picture) return;
  const paint = () => {
    const [width, height] = [picture.naturalWidth, picture.naturalHeight];
    const [w, h] = [(right - left) * width, (bottom - top) * height];
    canvas.height = 72;
    canvas.width = Math.max(24, Math.round((72 * w) / h));
    canvas.getContext("2d").drawImage(picture, left * width, top * height, w, h, 0, 0, canvas.width, canvas.height);
  };
  picture.complete ? paint() : picture.addEventListener("load", paint, { once: true });
}
