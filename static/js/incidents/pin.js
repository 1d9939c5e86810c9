// The map on which somebody taps where it is. The fields below hold the same pin, and move it; so does a button where
// the page may ask the device for its place.
import { openMap } from "../map/base_map.js";

/** @type {HTMLElement} */
const holder = document.querySelector("[data-pin-map]");
/** @type {HTMLInputElement[]} */
const [latitude, longitude] = [holder.dataset.latitude, holder.dataset.longitude].map((id) => document.getElementById(id));

/** Fills the fields in, and lets others know. @param {number} north @param {number} east degrees */
function place(north, east) {
  latitude.value = north.toFixed(6);
  longitude.value = east.toFixed(6);
  longitude.dispatchEvent(new Event("input", { bubbles: true }));
}

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
  map.on("click", ({ latlng }) => place(latlng.lat, latlng.lng));
  for (const field of [latitude, longitude]) field.addEventListener("input", show);
  show();
}

/** @type {HTMLButtonElement | null} */
const here = holder.querySelector("[data-here]");
if (here && "geolocation" in navigator) {
  /** @type {HTMLElement} */
  const nowhere = holder.querySelector("[data-nowhere]");
  here.hidden = false;
  here.addEventListener("click", () => {
    here.disabled = true;
    nowhere.hidden = true;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      here.disabled = false;
      place(coords.latitude, coords.longitude);
    }, () => {
      here.disabled = false;
      nowhere.hidden = false;
    }, { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 });
  });
}

start().catch(() => {
  /** @type {HTMLElement} */ (holder.querySelector("[data-failed]")).hidden = false;
  latitude.closest("details")?.setAttribute("open", "");
});
