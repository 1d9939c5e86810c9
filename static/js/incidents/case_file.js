// Takes the second of a still from the clip, as far as it is played. Both begin with the original's first picture.
document.addEventListener("click", (event) => {
  /** @type {HTMLVideoElement | null} */
  const clip = document.querySelector("#case-video video");
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("id_at_s"));
  if (/** @type {HTMLElement} */ (event.target).id === "still-now" && clip && field) {
    clip.pause();
    field.value = clip.currentTime.toFixed(1);
    document.getElementById("id_note").focus();
  }
});
