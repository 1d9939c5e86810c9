// The map on which an operator taps where an incident is. The fields below hold the same pin, and move it.
import { openMap } from "../map/base_map.js";

/** @type {HTMLElement} */
const holder = document.querySelector("[data-pin-map]");
/** @type {HTMLInputElement[]} */
const [latitude, longitude] = [holder.dataset.latitude, holder.dataset.longitude].map((id) => document.getElementById(id));

const number = (field) => parseFloat(field.value.replace(",", "."));

async function start() {
  const { L, map } = await openMap(holder);
  map.fitBounds(map.options.maxBounds);
  const icon = L.divIcon({ className: "", iconSize: [0, 0], html: Object.assign(document.createElement("span"), { className: "pin-here" }) });
  const pin = L.marker([0, 0], { icon, interactive: false, keyboard: false });

  function show() {
    const at = [number(latitude), number(longitude)];
    if (at.every(Number.isFinite)) pin.setLatLng(at).addTo(map);
    else pin.remove();
  }
  map.on("click", ({ latlng }) => {
    latitude.value = latlng.lat.toFixed(6);
    longitude.value = latlng.lng.toFixed(6);
    show();
  });
  for (const field of [latitude, longitude]) field.addEventListener("input", show);
  show();
}

start().catch(() => { /** @type {HTMLElement} */ (holder.querySelector("[data-failed]")).hidden = false; });
