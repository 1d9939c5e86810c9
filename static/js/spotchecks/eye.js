// What one sees of an office during the round: its cameras live while one is there, and the snapshot of just that.
import { play } from "../live/player.js";

const QUALITY = 0.9;

/** look(stop): live are the cameras of this stop alone. */
export function openEyes(reason) {
  let playing = [];
  return {
    look(stop) {
      for (const one of playing) one.stop();
      playing = [...stop.querySelectorAll("[data-live]")].map((camera) => play(camera, { why: "spot_check", reason }));
    },
  };
}

/** {live, picture, at}: what the phone shows, and the moment it shows; without a line of pictures {live: false}: the
 *  server then adds its own newest one. null when neither can be. */
export async function shoot(eye) {
  const player = eye.querySelector("[data-live]");
  const seen = [...player.querySelectorAll("video, .live-picture")].find((one) => !one.hidden && (one.videoWidth || one.naturalWidth));
  if (!seen) return navigator.onLine ? { live: false, at: Date.now() } : null;
  if (player.dataset.state === "stale" && !player.dataset.behind) return null; // of what moment, nobody could tell
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [seen.videoWidth ?? seen.naturalWidth, seen.videoHeight ?? seen.naturalHeight];
  canvas.getContext("2d").drawImage(seen, 0, 0);
  const picture = await new Promise((made) => canvas.toBlob(made, "image/jpeg", QUALITY));
  return { live: true, picture, at: Date.now() - Number(player.dataset.behind ?? 0) };
}
