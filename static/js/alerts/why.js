// The page of an indication: its film by keyboard; while the indication is open, the page is kept up to date.
import { reader } from "../core/refresh.js";

// Browsers don't scroll a focused link inside an SVG fully into view.
document.getElementById("why-film").addEventListener("focusin", (event) => {
  /** @type {Element} */ (event.target).querySelector("image")?.scrollIntoView({ block: "nearest", inline: "center" });
});

// Preloads the clips' durations on wide screens, which are assumed to have a fast connection.
function loadDurations() {
  if (!matchMedia("(min-width: 48rem)").matches) return;
  for (const video of /** @type {NodeListOf<HTMLVideoElement>} */ (document.querySelectorAll("video[data-preload]"))) video.preload = "metadata";
}
loadDurations();

const PARTS = ["why-head", "why-stills", "why-clips", "why-film", "why-text", "why-flips"];
const EVERY_MS = 15_000;

/** Whether the user plays, focuses or has opened something in this part; it is then not replaced. */
const inUse = (part) => part.contains(document.activeElement)
  || part.querySelector("details[open], [data-plain]:checked")
  || [...part.querySelectorAll("video")].some((video) => video.currentTime > 0);

const isOpen = (page) => page.getElementById("why-head").hasAttribute("data-going-on");

if (isOpen(document)) {
  let open = true;
  const refresh = reader(PARTS, { keep: inUse, after: (page) => { open = isOpen(page); loadDurations(); } });
  const look = () => open && !document.hidden && refresh();
  setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
