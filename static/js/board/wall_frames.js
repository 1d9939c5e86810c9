// The pictures of the wall's tiles. Format: streams/pixels/wall_tiles.py.
import { now } from "../core/clock.js";
import { fill, several, words } from "../core/words.js";

const HEAD = 16; // bytes: office id, time, length
const OLD_S = 25, DIM_S = 60;

/** One tile's picture. Its object URL is revoked as soon as the browser has loaded it. */
export class Frame {
  constructor(tile) {
    this.tile = tile;
    this.image = tile.querySelector("img");
    this.age = tile.querySelector("[data-age]");
    this.at = 0;
    this.url = "";
  }

  show(jpeg, at) {
    URL.revokeObjectURL(this.url); // this one came before the last was loaded
    const url = URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" }));
    this.url = url;
    this.image.onload = this.image.onerror = () => URL.revokeObjectURL(url);
    this.image.src = url;
    this.image.hidden = false;
    this.at = at;
    this.showAge();
  }

  takeDown() {
    this.image.hidden = true;
    this.image.removeAttribute("src");
    this.at = 0;
    this.showAge();
  }

  showAge() {
    const seconds = this.at ? Math.max(0, Math.round((now() - this.at) / 1000)) : 0;
    const long = seconds < 100 ? several(words.seconds, seconds) : several(words.units.minute, Math.round(seconds / 60));
    const text = seconds > OLD_S ? fill(words.picture_age, { age: long }) : "";
    if (this.age.textContent !== text) this.age.textContent = text;
    this.age.hidden = !text;
    this.tile.classList.toggle("old", seconds > DIM_S);
  }
}

/** Shows the pictures of a message. offices: by id, each with its frame; other offices' pictures are ignored. */
export function takePictures(buffer, offices) {
  const view = new DataView(buffer);
  for (let place = 0; place + HEAD <= buffer.byteLength;) {
    const frame = offices.get(view.getInt32(place))?.frame;
    const at = view.getFloat64(place + 4), length = view.getUint32(place + 12);
    place += HEAD;
    if (frame && length) frame.show(buffer.slice(place, place + length), at);
    else frame?.takeDown();
    place += length;
  }
}
