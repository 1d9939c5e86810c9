// The page of an indication: its film by keyboard, and while it goes on, kept as the server tells it.
import { reader } from "../core/refresh.js";

// A focused link of a drawing is not scrolled to by itself, at least not whole.
document.getElementById("why-film").addEventListener("focusin", (event) => {
  /** @type {Element} */ (event.target).querySelector("image")?.scrollIntoView({ block: "nearest", inline: "center" });
});

// How long a clip is, where the line can be expected to bear it.
function readLengths() {
  if (!matchMedia("(min-width: 48rem)").matches) return;
  for (const video of /** @type {NodeListOf<HTMLVideoElement>} */ (document.querySelectorAll("video[data-preload]"))) video.preload = "metadata";
}
readLengths();

const PARTS = ["why-head", "why-stills", "why-clips", "why-film", "why-text", "why-flips"];
const EVERY_MS = 15_000;

/** What somebody watches, reads with the keyboard or has switched stays as it is. */
const inUse = (part) => part.contains(document.activeElement)
  || part.querySelector("details[open], [data-plain]:checked")
  || [...part.querySelectorAll("video")].some((video) => video.currentTime > 0);

const goesOn = (page) => page.getElementById("why-head").hasAttribute("data-going-on");

if (goesOn(document)) {
  let going = true;
  const readAnew = reader(PARTS, { keep: inUse, after: (page) => { going = goesOn(page); readLengths(); } });
  const look = () => going && !document.hidden && readAnew();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
