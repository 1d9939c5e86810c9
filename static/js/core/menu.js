// The main menu: entries for which there is no room lie under "Lainnya", the last ones first. Without scripts it scrolls.

/** @type {HTMLElement | null} */
const nav = document.querySelector(".places");
/** @type {HTMLDetailsElement | null} */
const more = nav?.querySelector("[data-more]");
/** @type {HTMLElement[]} */
const entries = nav ? [...nav.querySelectorAll(":scope > a")] : [];

/** Moves entries in and out of "Lainnya"; the current page's own entry stays in view. */
function fit() {
  const body = more.querySelector(".menu-body");
  const held = document.activeElement;
  more.before(...entries);
  more.hidden = true;
  const fits = () => nav.scrollWidth <= nav.clientWidth;
  if (!fits()) {
    more.hidden = false;
    for (const entry of [...entries].reverse()) {
      if (fits()) break;
      if (!entry.hasAttribute("aria-current")) body.prepend(entry);
    }
  }
  more.open &&= !more.hidden;
  more.classList.toggle("counts", Boolean(body.querySelector(".badge")));
  nav.classList.add("fitted");
  if (held !== document.activeElement && held instanceof HTMLElement) held.focus();
}

if (more) {
  let width = 0;
  new ResizeObserver(() => {
    if (nav.clientWidth === width) return;
    width = nav.clientWidth;
    fit();
  }).observe(nav);
  document.fonts.ready.then(fit);
}

// A row of places that scrolls starts where the current one is.
document.querySelector(".room-places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
