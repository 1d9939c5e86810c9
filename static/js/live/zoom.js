// Digital zoom of what lies in a frame: pinch, wheel, keys, and dragging when it is larger than its frame.

const MOST = 6, STEP = 1.5, PAN = 0.15;

/** Returns {in(), out(), fit()}; told(scale) after each change. */
export function makeZoom(frame, inner, told) {
  const fingers = new Map();
  let scale = 1, x = 0, y = 0; // of the inner's upper left corner, as shares of the frame

  function show() {
    const least = 1 - scale;
    x = Math.min(0, Math.max(least, x));
    y = Math.min(0, Math.max(least, y));
    inner.style.transform = scale === 1 ? "" : `translate(${100 * x}%, ${100 * y}%) scale(${scale})`;
    frame.classList.toggle("is-zoomed", scale > 1);
    told(scale);
  }

  /** The point (px, py), shares of the frame, stays where it is. */
  function zoom(factor, px = 0.5, py = 0.5) {
    const wanted = Math.min(MOST, Math.max(1, scale * factor)), by = wanted / scale;
    [x, y, scale] = [px - (px - x) * by, py - (py - y) * by, wanted];
    show();
  }

  function place(event) {
    const box = frame.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  const middle = ([[ax, ay], [bx, by]]) => [(ax + bx) / 2, (ay + by) / 2];
  const apart = ([[ax, ay], [bx, by]]) => Math.hypot((ax - bx) * frame.clientWidth, (ay - by) * frame.clientHeight);

  frame.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button, form, a")) return;
    fingers.set(event.pointerId, place(event));
    if (scale > 1 || fingers.size > 1) frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()].slice(0, 2);
    fingers.set(event.pointerId, place(event));
    const after = [...fingers.values()].slice(0, 2);
    const [from, to] = after.length > 1 ? [middle(before), middle(after)] : [before[0], after[0]];
    if (scale > 1) [x, y] = [x + to[0] - from[0], y + to[1] - from[1]];
    if (after.length > 1) zoom(apart(after) / Math.max(1, apart(before)), ...to);
    else if (scale > 1) show();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  }
  frame.addEventListener("wheel", (event) => {
    if (scale === 1 && event.deltaY > 0) return; // the page scrolls
    if (scale === 1 && !event.ctrlKey && !frame.contains(document.activeElement)) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), ...place(event));
  }, { passive: false });
  frame.addEventListener("dblclick", (event) => {
    if (!event.target.closest("button, form, a")) zoom(scale > 1 ? 1 / scale : 2.5, ...place(event));
  });
  frame.addEventListener("keydown", (event) => {
    if (event.target.closest("form, input, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const pan = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[event.key];
    if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") zoom(0);
    else if (pan && scale > 1) {
      [x, y] = [x + pan[0], y + pan[1]];
      show();
    } else return;
    event.preventDefault();
  });
  return { in: () => zoom(STEP), out: () => zoom(1 / STEP), fit: () => zoom(0) };
}
