// A small picture above the strip of what was recorded there, fetched after a rest, as each is decoded on the server.

const REST_MS = 180;

/**
 * @param {HTMLElement} figure
 * @param {(at: number) => string} address of the picture of a moment, "" where nothing was recorded
 */
export function previewOf(figure, address) {
  const image = figure.querySelector("img"), caption = figure.querySelector("figcaption");
  let timer = 0, shown = "";
  image.addEventListener("load", () => { image.hidden = false; });
  image.addEventListener("error", () => { image.hidden = true; });
  return {
    /** @param {number} at @param {number} fraction of the strip's width @param {string} words */
    show(at, fraction, words) {
      figure.hidden = false;
      figure.style.left = `${Math.min(88, Math.max(12, fraction * 100))}%`;
      caption.textContent = words;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const wanted = address(Math.floor(at / 2) * 2);
        if (wanted === shown) return;
        shown = wanted;
        if (wanted) image.src = wanted;
        else image.hidden = true;
      }, REST_MS);
    },
    hide() {
      clearTimeout(timer);
      figure.hidden = true;
    },
  };
}
