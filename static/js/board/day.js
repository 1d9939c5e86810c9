// The day of an office as a scrubber: one cursor over the strips of all counters, by pointer, keys and buttons.
import { fill, hour } from "../core/words.js";
import { boundsOf, isOneOfSeveral, nextEvent, shownAt, stateAt, stepped } from "./day_moments.js";
import { fileOf, picturesOf, REST_MS } from "./day_pictures.js";

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 15, PageDown: -15 };
const TINY = "?lebar=168"; // of thumbs.WIDTHS

/** @param {string} name of a class */
function made(name) {
  const element = document.createElement("span");
  element.className = name;
  return element;
}

/**
 * Makes the scrubber of a page's day.
 * @param {HTMLElement} root with the strips, the scrubber and the data
 * @param {{past?: boolean}} [options] past: begins at the opening instead of at now
 * @returns {{renew(): void}} renew: takes the page's new data
 */
export function scrubber(root, { past = false } = {}) {
  const part = root.querySelector("[data-scrubber]"), track = root.querySelector("[role=slider]");
  const time = part.querySelector("[data-time]"), states = part.querySelector("[data-states]");
  const event = part.querySelector("[data-event]");
  const pictures = picturesOf(part.querySelector(".scrub-shown"), (at) => move(at));
  const hover = made("scrub-hover"), hoverImage = document.createElement("img"), hoverText = made("");
  /** @type {import("./day_moments.js").Day} */ let day;
  /** @type {ReturnType<typeof boundsOf>} */ let bounds;
  let at = 0, touched = false, hoverTimer = 0;

  /** Says the state of each counter that was watched. @param {number} moment */
  function statesAt(moment) {
    return day.counters.filter(([, pieces]) => pieces.length).map(([name, pieces]) => {
      const { kind, since } = stateAt(pieces, moment);
      const state = since === null ? day.words[kind] : fill(day.words.since, { state: day.words[kind], at: hour(since * 1000) });
      return isOneOfSeveral(day) ? fill(day.words.of, { counter: name, state }) : state;
    }).join("; ");
  }

  /** The start and the end of what a box is drawn of. @param {HTMLElement} box */
  function spanOf(box) {
    const pieces = box === track ? null : day.counters[Number(box.dataset.counterStrip)]?.[1];
    return pieces?.length ? [pieces[0][1], pieces.at(-1)[2]] : [bounds.start, bounds.end];
  }

  /** Puts a mark at a moment of a box. @param {HTMLElement} mark @param {HTMLElement} box @param {number} moment */
  function place(mark, box, moment) {
    const [start, end] = spanOf(box);
    mark.hidden = moment < start || moment > end;
    mark.style.left = `${((moment - start) / (end - start)) * 100}%`;
  }

  const boxes = () => [track, ...root.querySelectorAll("[data-counter-strip]")];

  function paint() {
    time.textContent = hour(at * 1000);
    states.textContent = statesAt(at);
    track.setAttribute("aria-valuenow", String(Math.floor((at - bounds.start) / 60)));
    track.setAttribute("aria-valuetext", `${time.textContent}, ${states.textContent}`);
    for (const box of boxes()) {
      const cursor = box.querySelector(".scrub-cursor") ?? box.appendChild(made("scrub-cursor"));
      place(cursor, box, at);
    }
    event.textContent = day.events.filter(([moment]) => moment === at)
      .map(([, counter, text]) => (isOneOfSeveral(day) ? `${day.counters[counter][0]}: ${text}` : text)).join("; ");
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = part.querySelectorAll("button[data-step]");
    for (const button of buttons) {
      button.disabled = nextEvent(day, at, Number(button.dataset.step)) === null;
    }
  }

  /** @param {number | null} moment */
  function move(moment) {
    if (moment === null) return;
    touched = true;
    at = Math.max(bounds.start, Math.min(bounds.reached, moment));
    paint();
    pictures.show(day, at);
  }

  function drawMarks() {
    const marks = day.events.map(([moment, , , kind]) => {
      const mark = made(`scrub-mark is-${kind}`);
      place(mark, track, moment);
      return mark;
    });
    const kept = day.pictures.map(([, moment]) => {
      const mark = made("scrub-kept");
      place(mark, track, moment);
      return mark;
    });
    track.replaceChildren(...kept, ...marks);
  }

  function renew() {
    day = JSON.parse(document.getElementById("day-data").textContent);
    bounds = boundsOf(day);
    part.hidden = !bounds;
    if (!bounds) return;
    track.setAttribute("aria-valuemin", "0");
    track.setAttribute("aria-valuemax", String(Math.floor((bounds.reached - bounds.start) / 60)));
    if (!touched) at = past ? bounds.start : bounds.reached; // today it follows the time until somebody moves it
    drawMarks();
    paint();
  }

  /** @param {PointerEvent} pointer @param {HTMLElement} box */
  function momentOf(pointer, box) {
    const { left, width } = box.getBoundingClientRect(), [start, end] = spanOf(box);
    const moment = start + Math.max(0, Math.min(1, (pointer.clientX - left) / width)) * (end - start);
    return Math.round(moment / 60) * 60;
  }

  const boxOf = (/** @type {Event} */ pointer) => pointer.target.closest("[role=slider], [data-counter-strip]");

  function hideHover() {
    clearTimeout(hoverTimer);
    hover.hidden = true;
  }

  /** Shows the time and state under a mouse, and after a rest the picture of then. @param {PointerEvent} pointer @param {HTMLElement} box */
  function showHover(pointer, box) {
    clearTimeout(hoverTimer);
    const moment = momentOf(pointer, box);
    if (moment > bounds.reached) return hideHover();
    hoverText.textContent = `${hour(moment * 1000)}, ${statesAt(moment)}`;
    hoverImage.hidden = true;
    hover.hidden = false;
    const around = root.getBoundingClientRect(), edge = hover.offsetWidth / 2;
    hover.style.left = `${Math.max(edge, Math.min(around.width - edge, pointer.clientX - around.left))}px`;
    hover.style.bottom = `${around.bottom - box.getBoundingClientRect().top + 6}px`;
    hoverTimer = setTimeout(() => {
      const { still } = shownAt(day, moment);
      if (!still) return;
      hoverImage.src = fileOf(day, still) + TINY;
      hoverImage.hidden = false;
    }, REST_MS);
  }

  /** @type {HTMLElement | null} */ let held = null;
  root.addEventListener("pointerdown", (pointer) => {
    held = bounds && pointer.button === 0 ? boxOf(pointer) : null;
    if (!held) return;
    hideHover();
    root.setPointerCapture(pointer.pointerId);
    move(momentOf(pointer, held));
    track.focus({ preventScroll: true });
    pointer.preventDefault(); // no selection of text
  });
  root.addEventListener("pointermove", (pointer) => {
    const box = bounds && boxOf(pointer);
    if (held) move(momentOf(pointer, held.isConnected ? held : track));
    else if (box && pointer.pointerType === "mouse") showHover(pointer, box);
    else hideHover();
  });
  for (const name of ["pointerup", "pointercancel"]) root.addEventListener(name, () => { held = null; });
  root.addEventListener("pointerleave", hideHover);

  track.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    const letter = key.key.toLowerCase();
    if (key.key in KEYS) move(stepped(at, KEYS[key.key] * (key.shiftKey ? 15 : 1)));
    else if (key.key === "Home") move(bounds.start);
    else if (key.key === "End") move(bounds.reached);
    else if (letter === "n" || letter === "p") move(nextEvent(day, at, letter === "n" ? 1 : -1));
    else return;
    key.preventDefault();
  });
  part.addEventListener("click", (click) => {
    const button = click.target.closest("button[data-step]");
    if (button) move(nextEvent(day, at, Number(button.dataset.step)));
  });

  hover.setAttribute("aria-hidden", "true");
  hoverImage.alt = "";
  hover.hidden = true;
  hover.append(hoverImage, hoverText);
  root.append(hover);
  renew();
  const wanted = /^(\d{1,2})[.:](\d{2})$/.exec(new URLSearchParams(location.search).get("pukul") ?? "");
  if (bounds && wanted) {
    // Days are local; the offset of Indonesia's zones is whole minutes and never changes.
    const [hours, minutes] = hour(bounds.start * 1000).split(/[.:]/).map(Number);
    move(bounds.start - (bounds.start % 60) + ((Number(wanted[1]) - hours) * 60 + Number(wanted[2]) - minutes) * 60);
  } else if (bounds) part.querySelector("[data-none]").textContent = day.words.rest;
  return { renew };
}
