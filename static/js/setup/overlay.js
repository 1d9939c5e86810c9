// Draws zones as SVG over a picture, in the picture's pixels. Elements are reused, so that focus and drags survive.

const SVG = "http://www.w3.org/2000/svg";
const TOUCH_PX = 44, DOT_PX = 14;

/** Returns the element with this data-id, created if needed, with these attributes. */
function keep(parent, name, id, attributes) {
  let element = parent.querySelector(`[data-id="${id}"]`);
  if (!element) {
    element = document.createElementNS(SVG, name);
    element.dataset.id = id;
  }
  for (const [key, value] of Object.entries(attributes)) {
    if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value);
  }
  return element;
}

/** Returns a target of 44 px with a smaller mark inside. */
function mark(parent, id, attributes, [x, y], px) {
  const group = keep(parent, "g", id, { ...attributes, role: "button", transform: `translate(${x} ${y})` });
  if (!group.firstChild) {
    for (const part of ["reach", "dot", "plus"]) {
      const element = document.createElementNS(SVG, part === "plus" ? "path" : "circle");
      element.setAttribute("class", part);
      group.append(element);
    }
  }
  const [reach, dot, plus] = group.children;
  reach.setAttribute("r", (TOUCH_PX / 2) * px);
  dot.setAttribute("r", (DOT_PX / 2) * px);
  const arm = (DOT_PX / 4) * px;
  plus.setAttribute("d", `M${-arm} 0H${arm}M0 ${-arm}V${arm}`);
  return group;
}

/** zones: [{key, polygon, title, problem, mark}]; mark: it marks something that is not a person; word(name, values)
 * returns a label. */
export function drawOverlay(svg, picture, zones, selected, word) {
  const [width, height] = [picture.naturalWidth, picture.naturalHeight];
  const px = width / (picture.clientWidth || width); // one CSS pixel in picture pixels
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.setProperty("--px", px);
  const wanted = [];
  /** @returns {[number, number]} */
  const at = ([x, y]) => [x * width, y * height];
  const order = [...zones].sort((a, b) => Number(a.key === selected) - Number(b.key === selected));
  for (const zone of order) {
    const own = zone.key === selected;
    const points = zone.polygon.map(at);
    const number = zones.indexOf(zone) + 1;
    const of = zone.polygon.length;
    const line = points.map((pair) => pair.map((value) => value.toFixed(1)).join()).join(" ");
    wanted.push(keep(svg, "polygon", `c${zone.key}`, { class: "casing", points: line }));
    wanted.push(keep(svg, "polygon", `z${zone.key}`, {
      class: `shape-of${zone.mark ? " mark" : ""}${own ? " selected" : ""}${zone.problem ? " wrong" : ""}`, points: line, "data-key": zone.key,
      tabindex: 0, role: "button", "aria-label": word("shape", { zone: zone.title, of }),
    }));
    const [lx, ly] = [points.reduce((sum, [x]) => sum + x, 0) / of, points.reduce((sum, [, y]) => sum + y, 0) / of];
    const label = keep(svg, "text", `t${zone.key}`, { class: "zone-number", x: lx, y: ly, "font-size": 16 * px });
    label.textContent = number;
    wanted.push(label);
    if (!own) continue;
    zone.polygon.forEach((corner, i) => {
      const next = zone.polygon[(i + 1) % of];
      /** @type {[number, number]} */
      const middle = [(corner[0] + next[0]) / 2, (corner[1] + next[1]) / 2];
      const length = Math.hypot((corner[0] - next[0]) * width, (corner[1] - next[1]) * height) / px;
      if (length < TOUCH_PX * 1.5 || of >= 40) return; // its target would cover those of the corners
      wanted.push(mark(svg, `b${zone.key}.${i}`, { class: "between", "data-key": zone.key, "data-at": i,
        "aria-label": word("between", { n: i + 1, zone: zone.title }) }, at(middle), px));
    });
    zone.polygon.forEach(([x, y], i) => {
      wanted.push(mark(svg, `h${zone.key}.${i}`, { class: "handle", "data-key": zone.key, "data-at": i, tabindex: 0,
        "aria-label": word("point", { n: i + 1, of, zone: zone.title, x: Math.round(x * 100), y: Math.round(y * 100) }) },
      at([x, y]), px));
    });
  }
  const stay = new Set(wanted);
  for (const child of [...svg.children]) if (!stay.has(child)) child.remove();
  // Moving an element drops its focus, so only elements out of place are moved.
  wanted.forEach((element, i) => { if (svg.children[i] !== element) svg.insertBefore(element, svg.children[i] ?? null); });
}
