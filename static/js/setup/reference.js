// Fades from the reference picture to the present one above it.
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
