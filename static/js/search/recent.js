// The results of the search that were opened last, per account. drafts.js removes them at sign-out.

const RECENT = "recent ", MOST = 5;
const own = RECENT + (document.getElementById("isi").dataset.user ?? "");

/** @typedef {{ url: string, title: string, note: string, icon: string }} Opened */

/** Returns them, the newest first. @returns {Opened[]} */
export function recentlyOpened() {
  try {
    return JSON.parse(localStorage.getItem(own) ?? "[]");
  } catch {
    return []; // storage is switched off
  }
}

/** @param {Opened} opened */
function remember(opened) {
  try {
    const others = recentlyOpened().filter(({ url }) => url !== opened.url);
    localStorage.setItem(own, JSON.stringify([opened, ...others].slice(0, MOST)));
  } catch {
    // Storage is switched off or full: nothing is kept.
  }
}

/** @param {MouseEvent} event */
function opened(event) {
  const link = /** @type {HTMLAnchorElement | null} */ (event.target.closest("a.search-hit[data-icon]"));
  if (!link) return;
  const text = (/** @type {string} */ part) => link.querySelector(part)?.textContent ?? "";
  remember({
    url: link.getAttribute("href") ?? "", title: text(".search-title"), note: text(".search-note"), icon: link.dataset.icon ?? "",
  });
}
document.addEventListener("click", opened);
document.addEventListener("auxclick", opened);

try {
  // Left by somebody whose session ended before they signed out.
  for (const key of Object.keys(localStorage)) if (key.startsWith(RECENT) && key !== own) localStorage.removeItem(key);
} catch {
  // storage is switched off
}
