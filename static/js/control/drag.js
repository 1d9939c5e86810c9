// Dragging on the picture: the camera turns where one drags, the faster the farther, until one lets go. A tap turns it a
// little towards the spot. Keys do the same: see steering.js.
const DEAD_PX = 12; // of a hand that trembles
const FULL = 0.4; // of the picture's height, at which it turns at full speed
const EVERY_MS = 120, TAP_MS = 350, NUDGE_MS = 500;
const SVG = "http://www.w3.org/2000/svg";

/** Returns the speeds of pan and tilt for a way in pixels, in tenths, at least one unless it is zero.
 * @param {number} right @param {number} down @param {number} full @returns {[number, number]} */
function speedsOf(right, down, full) {
  const length = Math.hypot(right, down);
  if (!length) return [0, 0];
  const speed = Math.max(0.1, Math.min(1, length / full));
  /** @param {number} part */
  const tenths = (part) => Math.round(10 * speed * part / length) / 10 || 0;
  return [tenths(right), tenths(-down)];
}

/** Lays a pad over the picture's frame. move(pan, tilt) is called while one drags, stop() at the end.
 * Returns {show(whether)}.
 * @param {HTMLElement} frame @param {{ move: (pan: number, tilt: number) => void, stop: () => void }} does */
export function makeDrag(frame, { move, stop }) {
  const pad = document.createElement("div"), svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "line"), head = document.createElementNS(SVG, "circle");
  /** @type {{ x: number, y: number, at: number, moved: boolean } | null} */
  let from = null;
  let later = 0, sentAt = 0, said = "";

  pad.className = "steer-drag";
  pad.hidden = true;
  pad.setAttribute("aria-hidden", "true");
  head.setAttribute("r", "7");
  svg.append(line, head);
  pad.append(svg);
  frame.append(pad);

  /** @param {PointerEvent} event */
  function place(event) {
    const box = pad.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top, width: box.width, height: box.height };
  }

  /** @param {number} x @param {number} y */
  function draw(x, y) {
    for (const [name, value] of Object.entries({ x1: from?.x ?? x, y1: from?.y ?? y, x2: x, y2: y })) {
      line.setAttribute(name, String(value));
    }
    head.setAttribute("cx", String(x));
    head.setAttribute("cy", String(y));
  }

  /** @param {[number, number]} speeds */
  function report(speeds) {
    if (String(speeds) === said) return;
    said = String(speeds);
    clearTimeout(later);
    later = setTimeout(() => {
      sentAt = performance.now();
      move(...speeds);
    }, Math.max(0, EVERY_MS - (performance.now() - sentAt)));
  }

  function end() {
    clearTimeout(later);
    [from, said] = [null, ""];
    pad.classList.remove("is-dragging");
    stop();
  }

  pad.addEventListener("pointerdown", (event) => {
    event.stopPropagation(); // the picture's own zoom
    if (from || event.button) return;
    clearTimeout(later);
    pad.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    from = { x, y, at: performance.now(), moved: false };
    draw(x, y);
    pad.classList.add("is-dragging");
  });
  pad.addEventListener("pointermove", (event) => {
    event.stopPropagation();
    if (!from) return;
    const { x, y, height } = place(event);
    draw(x, y);
    const way = Math.hypot(x - from.x, y - from.y);
    from.moved ||= way > DEAD_PX;
    if (from.moved) report(way > DEAD_PX ? speedsOf(x - from.x, y - from.y, FULL * height) : [0, 0]);
  });
  pad.addEventListener("pointerup", (event) => {
    event.stopPropagation();
    if (!from) return;
    const tapped = !from.moved && performance.now() - from.at < TAP_MS;
    const { x, y, width, height } = place(event);
    end();
    if (!tapped) return;
    const [pan, tilt] = speedsOf(x - width / 2, y - height / 2, width / 2);
    if (!pan && !tilt) return;
    move(pan, tilt);
    later = setTimeout(stop, NUDGE_MS);
  });
  for (const lost of ["pointercancel", "lostpointercapture"]) {
    pad.addEventListener(lost, () => { if (from) end(); });
  }
  pad.addEventListener("contextmenu", (event) => event.preventDefault());

  return {
    /** @param {boolean} shown */
    show(shown) {
      if (!shown && from) end();
      pad.hidden = !shown;
    },
  };
}
