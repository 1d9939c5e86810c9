// The shapes of the sprite, and helpers that show a state on an element.
const SVG = "http://www.w3.org/2000/svg";

/** Returns a shape with a label for screen readers; without a label it is decoration.
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

/** Replaces the element's is-… class. @param {HTMLElement} element @param {string} state */
export function setState(element, state) {
  element.className = element.className.replace(/\bis-\w*/, `is-${state}`);
}

/** Sets the text of the first match if it differs.
 * @param {ParentNode} root @param {string} selector @param {string} text */
export function write(root, selector, text) {
  const element = /** @type {HTMLElement} */ (root.querySelector(selector));
  if (element.textContent !== text) element.textContent = text;
}

/** Highlights an element once; styles omit it under prefers-reduced-motion. @param {HTMLElement} element */
export function highlight(element) {
  if (element.hidden) return;
  element.classList.remove("new");
  element.getBoundingClientRect(); // restarts the animation
  element.classList.add("new");
}

// One listener for all elements: in a background tab animations don't end, so listeners of their own would pile up.
document.addEventListener("animationend", ({ target }) => target?.closest(".new")?.classList.remove("new"));
