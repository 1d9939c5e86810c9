// Shapes of the sprite, and states put on elements.
const SVG = "http://www.w3.org/2000/svg";

/** Returns a shape with its words for those who do not see it; `label` empty: decoration.
 * @param {string} state @param {string} label */
export function shape(state, label) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", `shape is-${state}`);
  use.setAttribute("href", `#s-${state}`);
  if (label) {
    const title = document.createElementNS(SVG, "title");
    title.textContent = label;
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
    svg.append(title);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  svg.append(use);
  return svg;
}

/** @param {HTMLElement} element @param {string} state */
export function setState(element, state) {
  element.className = element.className.replace(/\bis-\w*/, `is-${state}`);
}

/** @param {ParentNode} root @param {string} selector @param {string} text */
export function write(root, selector, text) {
  const element = /** @type {HTMLElement} */ (root.querySelector(selector));
  if (element.textContent !== text) element.textContent = text;
}

/** A highlight, once; styles leave it out for those who want less motion. @param {HTMLElement} element */
export function highlight(element) {
  if (element.hidden) return;
  element.classList.remove("new");
  element.getBoundingClientRect(); // starts the animation anew
  element.classList.add("new");
}

// One listener for all: in a tab behind others no animation ends, and each highlight would leave its own.
document.addEventListener("animationend", ({ target }) => target?.closest(".new")?.classList.remove("new"));
