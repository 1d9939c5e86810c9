// Digital zoom of a frame's content: by pinch, wheel and keys; dragging moves it when it is larger than its frame.
import { WHOLE, pan, zoomAt } from "./zoom_view.js";

const STEP = 1.5, PAN = 0.15;

/** Returns {in(), out(), fit()}; calls onZoom(scale) after each change. */
export function makeZoom(frame, inner, onZoom) {
  /** @type {Map<number, [number, number]>} */
  const fingers = new Map();
  let view = WHOLE;

  /** @param {typeof WHOLE} wanted */
  function show(wanted) {
    view = wanted;
    const { scale, x, y } = view;
    inner.style.transform = scale === 1 ? "" : `translate(${100 * x}%, ${100 * y}%) scale(${scale})`;
    frame.classList.toggle("is-zoomed", scale > 1);
    onZoom(scale);
  }

  /** @param {number} factor @param {number} [px] @param {number} [py] */
  function zoom(factor, px, py) {
    show(zoomAt(view, factor, px, py));
  }

  /** @param {MouseEvent} event @returns {[number, number]} */
  function place(event) {
    const box = frame.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  /** @param {[number, number][]} points @returns {[number, number]} */
  const middle = ([[ax, ay], [bx, by]]) => [(ax + bx) / 2, (ay + by) / 2];
  /** @param {[number, number][]} points */
  const apart = ([[ax, ay], [bx, by]]) => Math.hypot((ax - bx) * frame.clientWidth, (ay - by) * frame.clientHeight);

  frame.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button, form, a")) return;
    fingers.set(event.pointerId, place(event));
    if (view.scale > 1 || fingers.size > 1) frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()].slice(0, 2);
    fingers.set(event.pointerId, place(event));
    const after = [...fingers.values()].slice(0, 2);
    const [from, to] = after.length > 1 ? [middle(before), middle(after)] : [before[0], after[0]];
    const moved = view.scale > 1 ? { ...view, x: view.x + to[0] - from[0], y: view.y + to[1] - from[1] } : view;
    if (after.length > 1) show(zoomAt(moved, apart(after) / Math.max(1, apart(before)), ...to));
    else if (view.scale > 1) show(pan(moved, 0, 0));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  frame.addEventListener("wheel", (event) => {
    if (view.scale === 1 && event.deltaY > 0) return; // let the page scroll
    if (view.scale === 1 && !event.ctrlKey && !frame.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), ...place(event));
  }, { passive: false });
  frame.addEventListener("dblclick", (event) => {
    if (!event.target.closest("button, form, a")) zoom(view.scale > 1 ? 1 / view.scale : 2.5, ...place(event));
  });
  frame.addEventListener("keydown", (event) => {
    if (event.target.closest("form, input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const way = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[event.key];
    if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") zoom(0);
    else if (way && view.scale > 1) show(pan(view, way[0], way[1]));
    else return;
    event.preventDefault();
  });
  return { in: () => zoom(STEP), out: () => zoom(1 / STEP), fit: () => zoom(0) };
}
