// Slides from the reference to the present picture, lying on each other.
/** @type {HTMLInputElement} */
const slide = document.getElementById("blend");
const over = document.getElementById("over");

function show() {
  over.style.opacity = String(slide.valueAsNumber / 100);
}

if (slide) {
  slide.addEventListener("input", show);
  show();
}
