// The live cameras of the office that the round shows now, and snapshots of them.
import { play } from "../live/player.js";

const QUALITY = 0.9;

/** Returns {look(stop)}, which plays the cameras of this stop and stops those of the one before. */
export function openEyes(reason) {
  let playing = [];
  return {
    look(stop) {
      for (const player of playing) player.stop();
      playing = [...stop.querySelectorAll("[data-live]")].map((camera) => play(camera, { why: "spot_check", reason }));
    },
  };
}

/** Returns {live: true, picture, at}: what the phone shows, and the time (Unix ms) that it shows. While no video or picture
 *  is shown, {live: false, at}: the server then adds its newest picture. null if neither is possible. */
export async function shoot(eye) {
  const player = eye.querySelector("[data-live]");
  const shown = [...player.querySelectorAll("video, .live-picture")].find((media) => !media.hidden && (media.videoWidth || media.naturalWidth));
  if (!shown) return navigator.onLine ? { live: false, at: Date.now() } : null;
  if (player.dataset.state === "stale" && !player.dataset.behind) return null; // the time of the picture is unknown
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [shown.videoWidth ?? shown.naturalWidth, shown.videoHeight ?? shown.naturalHeight];
  canvas.getContext("2d").drawImage(shown, 0, 0);
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return { live: true, picture, at: Date.now() - Number(player.dataset.behind ?? 0) };
}
