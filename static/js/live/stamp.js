// Pictures of what is on the screen, with place and time written below.
import { words } from "./parts.js";

const part = (options) => new Intl.DateTimeFormat(words.clock.dot ? "id-ID" : "en-GB", { timeZone: words.clock.zone, ...options });
const day = part({ day: "numeric", month: "long", year: "numeric" });
const time = part({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** Resolves to a JPEG blob of `picture` (video or image) at `moment` (Unix ms), or null while it has no picture. */
export async function stamped(picture, place, moment) {
  const width = picture.videoWidth ?? picture.naturalWidth, height = picture.videoHeight ?? picture.naturalHeight;
  if (!width) return null;
  const size = Math.max(14, Math.round(height / 26)), bar = Math.round(size * 1.9);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height + bar];
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0, width, height);
  pen.fillStyle = "#16130f";
  pen.fillRect(0, height, width, bar);
  pen.fillStyle = "#fff";
  pen.font = `600 ${size}px system-ui, sans-serif`;
  pen.textBaseline = "middle";
  const where = [place.office, place.camera].filter(Boolean).join(" · ");
  const text = `${where} · ${day.format(moment)}, ${time.format(moment)} ${words.clock.name}`;
  pen.fillText(text, size / 2, height + bar / 2, width - size);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

/** Downloads a blob under a name with place and time (Unix ms, written in UTC). */
export function save(blob, place, moment) {
  const at = new Date(moment).toISOString().slice(0, 19).replace(/[:T]/g, "-");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${[place.office, place.camera, at].filter(Boolean).join(" ").replace(/[^\p{L}\p{N}]+/gu, "-")}.jpg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
