// Fills the camera's form with addresses that its device offers.

/** @param {HTMLElement} from */
function fill(from) {
  for (const [name, id] of [["url", "id_url"], ["subUrl", "id_sub_url"]]) {
    const field = /** @type {HTMLInputElement} */ (document.getElementById(id));
    if (field && name in from.dataset) field.value = from.dataset[name];
  }
}

document.addEventListener("click", ({ target }) => {
  const button = /** @type {HTMLElement} */ (target).closest?.("[data-fill]");
  if (!button) return;
  fill(/** @type {HTMLElement} */ (button));
  document.getElementById("id_url").focus();
});

// What has been noted on the server stands in the form too, or saving it would empty it again.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  const noted = /** @type {HTMLElement} */ (target).querySelector?.("[data-fill-now]");
  if (noted) fill(/** @type {HTMLElement} */ (noted));
});
