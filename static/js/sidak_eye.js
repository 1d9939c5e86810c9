// What one sees of an office during the round, and the snapshot of just that.
import { followCamera } from "./picture.js";

export function openEyes(root, names) {
  for (const figure of root.querySelectorAll("[data-camera]")) followCamera(figure, names); // rests off the screen
}

/** {live, picture} of what is before the eye now; null when nothing is. Without a picture the server adds its newest. */
export async function shoot(eye) {
  const image = eye.querySelector("img");
  if (image.hidden || !image.src) return null;
  const picture = await fetch(image.src).then((answer) => answer.blob()).catch(() => undefined);
  return { live: false, picture };
}
