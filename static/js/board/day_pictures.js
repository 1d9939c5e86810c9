// The stored pictures around a moment. One is fetched only when the reader rests there, as each is logged.
import { fill, hour } from "../core/words.js";
import { isOneOfSeveral, nearest, shownAt } from "./day_moments.js";

export const REST_MS = 600; // without a movement

/** @typedef {import("./day_moments.js").Day} Day */
/** @typedef {import("./day_moments.js").Picture} Picture */

/** @param {Day} day @param {Picture} picture */
export const fileOf = (day, picture) => day.files.replace("/0/", `/${picture[0]}/`);

/**
 * @param {HTMLElement} panel
 * @param {(at: number) => void} go moves the cursor
 * @returns {{show(day: Day, at: number): void}}
 */
export function picturesOf(panel, go) {
  const still = panel.querySelector("[data-still]"), clip = panel.querySelector("[data-clip]");
  const image = still.querySelector("img"), video = clip.querySelector("video");
  const none = panel.querySelector("[data-none]"), jump = panel.querySelector("[data-nearest]");
  /** @type {Day} */ let known;
  let timer = 0;

  image.addEventListener("error", () => { still.dataset.failed = known.words.failed; });
  video.addEventListener("loadedmetadata", () => { video.currentTime = Number(video.dataset.from); });
  jump.addEventListener("click", () => go(Number(jump.dataset.at)));

  /** @param {HTMLElement} figure @param {Picture} picture */
  function caption(figure, [, at, , counter, label, indication]) {
    const words = `${label}, ${hour(at * 1000)}${isOneOfSeveral(known) ? `, ${known.counters[counter][0]}` : ""}`;
    const link = document.createElement("a");
    link.textContent = fill(known.words.indication, { n: indication });
    link.href = known.indications.replace("/0/", `/${indication}/`);
    figure.querySelector("figcaption").replaceChildren(words, " · ", link);
    return words;
  }

  /** @param {Picture | null} picture */
  function frame(picture) {
    still.hidden = !picture;
    if (!picture) return;
    const file = fileOf(known, picture);
    image.alt = caption(still, picture);
    still.querySelector("a").href = file;
    if (image.dataset.file === file) return;
    image.removeAttribute("src"); // not the picture of another moment
    delete image.dataset.file;
    delete still.dataset.failed;
  }

  /** @param {Picture | null} picture @param {number} at where it begins to play */
  function film(picture, at) {
    clip.hidden = !picture;
    const file = picture ? fileOf(known, picture) : "";
    if (picture) video.setAttribute("aria-label", caption(clip, picture));
    video.dataset.from = String(picture ? Math.max(0, Math.min(at - picture[1], picture[2] - 1)) : 0);
    if (video.dataset.file === file) {
      if (video.readyState) video.currentTime = Number(video.dataset.from);
      return;
    }
    video.pause();
    video.dataset.file = file;
    if (file) video.src = file; // preload="none": fetched when it is played
    else video.removeAttribute("src");
  }

  function fetchStill() {
    const file = still.hidden ? "" : new URL(still.querySelector("a").href).pathname;
    if (!file || image.dataset.file === file) return;
    image.dataset.file = file;
    image.src = `${file}?lebar=400`;
  }

  return {
    show(day, at) {
      known = day;
      clearTimeout(timer);
      const shown = shownAt(day, at), near = nearest(day.pictures, at);
      frame(shown.still);
      film(shown.clip, at);
      none.hidden = Boolean(shown.still || shown.clip);
      none.textContent = near ? fill(day.words.none, { at: hour(at * 1000) }) : day.words.no_pictures;
      jump.hidden = none.hidden || !near;
      if (near) {
        jump.dataset.at = String(near[1]);
        jump.textContent = fill(day.words.nearest, { at: hour(near[1] * 1000) });
      }
      timer = setTimeout(fetchStill, REST_MS);
    },
  };
}
