// Takes the second of a still from the clip, as far as it is played. Both begin with the original's first picture.
document.addEventListener("click", (event) => {
  const clip = document.querySelector("#case-video video"), field = document.getElementById("id_at_s");
  if (event.target.id === "still-now" && clip && field) {
    clip.pause();
    field.value = clip.currentTime.toFixed(1);
    document.getElementById("id_note").focus();
  }
});
