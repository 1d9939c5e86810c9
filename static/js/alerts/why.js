// An indication, on its page or beside the list: its film by keyboard; while it is open, it is kept up to date.
import { reader } from "../core/refresh.js";

// Preloads the clips' durations on wide screens, which are assumed to have a fast connection.
function loadDurations() {
  if (!matchMedia("(min-width: 48rem)").matches) return;
  for (const video of /** @type {NodeListOf<HTMLVideoElement>} */ (document.querySelectorAll("video[data-preload]"))) video.preload = "metadata";
}

const PARTS = ["why-head", "why-stills", "why-clips", "why-film", "why-text", "why-flips"];
const EVERY_MS = 15_000;

/** Whether the user plays, focuses or has opened something in this part; it is then not replaced. */
const inUse = (part) => part.contains(document.activeElement)
  || part.querySelector("details[open], [data-plain]:checked")
  || [...part.querySelectorAll("video")].some((video) => video.currentTime > 0);

const isOpen = (page) => page.getElementById("why-head").hasAttribute("data-going-on");

/** Follows an indication that is or was put into the page. @param {string} address of its page */
export function followWhy(address) {
  const head = document.getElementById("why-head");
  // Browsers don't scroll a focused link inside an SVG fully into view.
  document.getElementById("why-film").addEventListener("focusin", (event) => {
    /** @type {Element} */ (event.target).querySelector("image")?.scrollIntoView({ block: "nearest", inline: "center" });
  });
  loadDurations();
  if (!isOpen(document)) return;
  let open = true;
  const refresh = reader(PARTS, {
    address: () => address,
    keep: (part) => !head.isConnected || inUse(part),
    after: (page) => { open = isOpen(page); loadDurations(); },
  });
  const look = () => {
    if (!head.isConnected) { // another indication was opened
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    } else if (open && !document.hidden) refresh();
  };
  const timer = setInterval(look, EVERY_MS);
  document.addEventListener("visibilitychange", look);
}
