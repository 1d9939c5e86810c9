// On every page: drafts, the theme switch, the main menu, menus that close on a click outside, the search, and the service worker.
import "./drafts.js";
import "./kept.js";
import "./menu.js";

const root = document.documentElement;

function showTheme() {
  const now = root.dataset.theme || "auto";
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-themes] button"))) {
    button.setAttribute("aria-pressed", String(button.value === now));
  }
}

for (const group of document.querySelectorAll("[data-themes]")) {
  group.addEventListener("click", (event) => {
    /** @type {HTMLButtonElement | null} */
    const button = event.target.closest("button");
    const value = button?.value;
    if (!value) return;
    if (value === "auto") {
      localStorage.removeItem("theme");
      delete root.dataset.theme;
    } else {
      localStorage.setItem("theme", value);
      root.dataset.theme = value;
    }
    showTheme();
  });
}
showTheme();

for (const menu of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.menu"))) {
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

/** @type {HTMLAnchorElement | null} */
const finder = document.querySelector(".find-all");

/** Opens the search; its code loads first. @param {Event} event */
async function find(event) {
  event.preventDefault();
  try {
    await (await import("../search/dialog.js")).openSearch(finder);
  } catch {
    location.href = finder.href;
  }
}
finder?.addEventListener("click", (event) => event.ctrlKey || event.metaKey || event.shiftKey || find(event));
addEventListener("keydown", (event) => {
  if (!finder || event.altKey || event.defaultPrevented) return; // "/" is the board's own
  if (event.ctrlKey || event.metaKey ? event.key === "k" : event.key === "/" && !event.target.closest("input, textarea, select, dialog")) find(event);
});

const keeps = document.querySelector('meta[name="sidak-keep"]'); // this page is cached for use without a network

async function worker() {
  /** @type {HTMLMetaElement} */
  const { content: address } = document.querySelector('meta[name="sidak-worker"]');
  // updateViaCache: a new release is noticed at once and used from the next page on.
  await navigator.serviceWorker.register(address, { updateViaCache: "none" });
  const { active } = await navigator.serviceWorker.ready;
  if (!keeps) return;
  active.postMessage("keep");
  document.addEventListener("visibilitychange", () => document.hidden && active.postMessage("keep"));
}

// After the page's own resources: on a slow connection it would compete with them.
if (navigator.serviceWorker) addEventListener("load", () => worker().catch(() => {}));
