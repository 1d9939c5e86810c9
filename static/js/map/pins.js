// The offices on the map, gathered where they would overlap. One pin is in the tab order; arrow keys go to the others.
import { writeElapsed } from "../core/clock.js";
import { setState, shape } from "../core/states.js";
import { fill, words } from "../core/words.js";
import { unit } from "./base_map.js";
import { gather, towards } from "./gather.js";

const GAP = 33; // pixels between pins
const WIDER = 40; // where nobody comes nearer
const DRAGGED = 8; // pixels: what moved so far was no click
const CLOSEST = 15.5; // zoom at which offices that still overlap are listed
const NAMED = 14; // zoom from which offices have their names written

const stateWord = (place) => place.word ?? words.states[place.state];

/** Returns "Kosong 2, Ada petugas 10". */
function statesOf(offices, order) {
  const counts = new Map();
  for (const office of [...offices].sort((one, other) => order(one) - order(other))) {
    counts.set(stateWord(office), (counts.get(stateWord(office)) ?? 0) + 1);
  }
  return [...counts].map(([word, n]) => `${word} ${n}`).join(", ");
}

/**
 * @param {{ L: any, map: any, data: any, positions: Map<number, any> }} city from base_map.js
 * @param {(offices: any[], order: (office: any) => number) => void} list shows offices beside the map; [] for none
 * @param {(boxes: { x: number, y: number, width: number, height: number }[]) => void} changed called with the place of
 *   each pin, in pixels of map.project, after they were drawn
 * @param {{ fixed?: boolean, scale?: number, kind?: string }} [options] fixed: several offices can't be opened; scale: of
 *   the pins; kind: a class of the pins
 * @returns {{ paint(offices: any[]): void, whole(offices?: any[]): void }} paint: shows these offices of the board; whole:
 *   all of the map, or these offices where they are fewer
 */
export function pinOffices({ L, map, data, positions }, list, changed, { fixed = false, scale = 1, kind = "" } = {}) {
  const size = scale * unit();
  const text = data.words, order = (office) => data.groups.indexOf(office.group);
  let offices = [], current = "", listed = [], lastPointer = "";
  /** @type {Map<string, { marker: any, element: HTMLElement, members: any[] }>} */
  const pins = new Map();

  const boundsOf = (members) => L.latLngBounds(members.map(({ id }) => positions.get(id)));

  function select(members) {
    listed = members.map(({ id }) => id);
    list(members, order);
  }

  /** Goes nearer until the members come apart, or lists them where they never will. */
  function come(members, byKey) {
    const zoom = Math.min(map.getBoundsZoom(boundsOf(members), false, L.point(60, 60)), map.getMaxZoom());
    if (map.getZoom() >= CLOSEST || zoom <= map.getZoom()) {
      select(members);
      return;
    }
    map.once("moveend", () => {
      const [key] = [...pins].find(([, pin]) => pin.members.some(({ id }) => id === members[0].id)) ?? [];
      if (byKey && key) focus(key);
    });
    map.setView(boundsOf(members).getCenter(), zoom);
  }

  function focus(key) {
    current = key;
    for (const [other, { element }] of pins) element.tabIndex = other === key ? 0 : -1;
    const { element, marker } = pins.get(key);
    map.panInside(marker.getLatLng(), { padding: [40, 40] });
    element.focus({ preventScroll: true });
  }

  function pressed(event, key) {
    const points = [...pins].map(([other, { marker }]) => ({ key: other, ...map.project(marker.getLatLng()) }));
    if (!event.key.startsWith("Arrow") || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // Leaflet would move the map
    const next = towards(points, points.find((one) => one.key === key), event.key);
    if (next) focus(next.key);
  }

  function make(key, members) {
    const single = members.length === 1;
    /** @type {HTMLElement} */
    const element = single ? Object.assign(document.createElement("a"), { href: members[0].url })
      : document.createElement(fixed ? "span" : "button");
    if (!single) element.setAttribute(fixed ? "role" : "type", fixed ? "img" : "button");
    element.className = single ? `pin ${kind} is-none` : `pin several ${kind} is-none`;
    const marker = L.marker([0, 0], {
      icon: L.divIcon({ html: element, className: "pin-place", iconSize: [0, 0] }), interactive: false, keyboard: false,
    }).bindTooltip("", { direction: "top", offset: [0, -16] });
    let from = { x: 0, y: 0 };
    element.addEventListener("pointerdown", (event) => {
      from = { x: event.clientX, y: event.clientY };
      lastPointer = event.pointerType;
    });
    element.addEventListener("click", (event) => {
      event.stopPropagation(); // a click on the map closes the list
      const byKey = event.detail === 0;
      const dragged = !byKey && Math.hypot(event.clientX - from.x, event.clientY - from.y) > DRAGGED;
      if (single && !dragged && (byKey || lastPointer === "mouse")) return; // follows the link
      event.preventDefault();
      if (dragged) return;
      const pin = pins.get(key);
      if (single) select(pin.members);
      else if (!fixed) come(pin.members, byKey);
    });
    element.addEventListener("dblclick", (event) => event.stopPropagation());
    element.addEventListener("keydown", (event) => pressed(event, key));
    for (const name of ["pointerenter", "focus"]) element.addEventListener(name, () => marker.openTooltip());
    for (const name of ["pointerleave", "blur"]) element.addEventListener(name, () => marker.closeTooltip());
    marker.addTo(map);
    return { marker, element, members };
  }

  function write(pin, members, at) {
    const { element, marker } = pin;
    const [worst] = [...members].sort((one, other) => order(one) - order(other));
    const like = members.filter(({ group }) => group === worst.group).length;
    const label = members.length === 1
      ? fill(text.pin, { name: worst.name, kecamatan: worst.kecamatan, agency: worst.agency, state: stateWord(worst) })
      : fill(text.several, { n: members.length, states: statesOf(members, order) });
    pin.members = members;
    marker.setLatLng(at);
    marker.setZIndexOffset((data.groups.length - order(worst)) * 1000);
    if (element.getAttribute("aria-label") === label && element.dataset.like === `${worst.state}${like}`) return;
    setState(element, worst.state);
    element.dataset.like = `${worst.state}${like}`;
    element.setAttribute("aria-label", label);
    const count = like === members.length ? `${like}` : `${like}/${members.length}`;
    const more = members.length > 1 ? count : Object.assign(document.createElement("span"), { className: "pin-name", textContent: worst.name });
    element.replaceChildren(shape(worst.state, ""), more);
    marker.setTooltipContent(Object.assign(document.createElement("span"), { textContent: label }));
  }

  /** Returns the space that a pin takes. */
  function box({ element, marker, members }) {
    const { x, y } = map.project(marker.getLatLng()), named = members.length === 1 && map.getZoom() >= NAMED;
    return named ? { x, y: y + 10 * size, width: Math.max(28, members[0].name.length * 7) * size, height: 48 * size }
      : { x, y, width: (members.length === 1 ? 28 : 20 + element.textContent.length * 9) * size, height: 28 * size };
  }

  function draw() {
    map.getContainer().classList.toggle("is-named", map.getZoom() >= NAMED);
    const points = offices.filter(({ id }) => positions.has(id)).map((office) => {
      const { x, y } = map.project(positions.get(office.id));
      return { point: { x, y }, item: office };
    });
    const stay = new Set();
    for (const { point, items } of gather(points, (fixed ? WIDER : GAP) * size)) {
      const key = items.map(({ id }) => id).sort((one, other) => one - other).join(" ");
      stay.add(key);
      const pin = pins.get(key) ?? make(key, items);
      pins.set(key, pin);
      write(pin, items, map.unproject([point.x, point.y]));
    }
    for (const [key, { marker }] of pins) {
      if (!stay.has(key)) {
        marker.remove();
        pins.delete(key);
      }
    }
    if (!pins.has(current)) current = pins.keys().next().value ?? "";
    for (const [key, { element }] of pins) element.tabIndex = key === current ? 0 : -1;
    changed([...pins.values()].map(box));
  }

  map.on("zoomend", draw);
  map.on("click", () => select([]));

  return {
    paint(shown) {
      offices = shown;
      draw();
      if (listed.length) select(offices.filter(({ id }) => listed.includes(id)));
    },
    whole(chosen) {
      const some = chosen?.filter(({ id }) => positions.has(id)) ?? [];
      const everything = [...positions.values(), ...data.kecamatan.flatMap(({ rings }) => rings.flat())];
      const whole = !some.length || some.length === positions.size;
      map.fitBounds(whole ? L.latLngBounds(everything) : boundsOf(some), { padding: L.point(8, 8).multiplyBy(whole ? 1 : 4 * size), maxZoom: 14 });
    },
  };
}

/** Shows offices as a list, the worst first. @param {HTMLElement} holder */
export function officeCard(holder, text) {
  const card = document.createElement("div"), entries = document.createElement("ul"), close = document.createElement("button");
  card.className = "map-card";
  card.hidden = true;
  close.type = "button";
  close.className = "map-close";
  close.textContent = "×";
  close.setAttribute("aria-label", text.close);
  close.addEventListener("click", () => { card.hidden = true; });
  card.append(entries, close);
  holder.append(card);
  return (offices, order) => {
    card.hidden = !offices.length;
    entries.replaceChildren(...[...offices].sort((one, other) => order(one) - order(other)).map((office) => {
      const entry = document.createElement("li"), link = document.createElement("a"), about = document.createElement("span");
      const name = Object.assign(document.createElement("strong"), { textContent: office.name });
      const elapsed = Object.assign(document.createElement("span"), { className: "elapsed" });
      elapsed.dataset.from = office.from ?? "";
      writeElapsed(elapsed);
      entry.className = `is-${office.state}`;
      about.className = "soft";
      about.append(`${office.kecamatan} · ${stateWord(office)} `, elapsed);
      link.href = office.url;
      link.append(shape(office.state, ""), name, about);
      entry.append(link);
      return entry;
    }));
  };
}
