// Draws the place of hints: a tap on the picture adds a corner to the field, which is what is saved.
const place = document.getElementById("place");
/** @type {HTMLInputElement} */
const field = document.querySelector("#id_polygon");

function show() {
  const points = field.value.trim();
  for (const shape of place.querySelectorAll("polygon")) shape.setAttribute("points", /^[\d.,\s]*$/.test(points) ? points : "");
}

/** @param {string[]} corners */
function set(corners) {
  field.value = corners.join(" ");
  show();
}

if (place && field) {
  const corners = () => field.value.trim().split(/\s+/).filter(Boolean);
  place.addEventListener("click", (event) => {
    const box = place.getBoundingClientRect();
    const percent = (part, whole) => Math.min(100, Math.max(0, (100 * part) / whole)).toFixed(1);
    set([...corners(), `${percent(event.clientX - box.left, box.width)},${percent(event.clientY - box.top, box.height)}`]);
  });
  document.getElementById("drop-last").addEventListener("click", () => set(corners().slice(0, -1)));
  document.getElementById("drop-all").addEventListener("click", () => set([]));
  field.addEventListener("input", show);
  show();
}
