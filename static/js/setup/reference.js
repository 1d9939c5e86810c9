// Slides from the reference to the present picture, lying on each other.
const slide = document.getElementById("blend");
const over = document.getElementById("over");

function show() {
  over.style.opacity = slide.value / 100;
}

if (slide) {
  slide.addEventListener("input", show);
  show();
}
