import { highlight, setState, shape, write } from "../../../static/js/core/states.js";
import { equal, test } from "./cases.js";

test("a shape with words says them, one without is decoration", () => {
  const labelled = shape("absent", "Loket 1: Kosong"), mute = shape("none", "");
  equal([labelled.getAttribute("role"), labelled.getAttribute("aria-label")], ["img", "Loket 1: Kosong"]);
  equal([mute.getAttribute("aria-hidden"), mute.getAttribute("role")], ["true", null]);
  equal(labelled.querySelector("use")?.getAttribute("href"), "#s-absent");
});

test("a state replaces the one before and leaves other classes", () => {
  const tile = document.createElement("li");
  tile.className = "tile is-staffed new";
  setState(tile, "absent");
  equal(tile.className, "tile is-absent new");
});

test("words are written only when they differ", () => {
  const root = document.createElement("p");
  root.innerHTML = "<b data-word>Kosong</b>";
  const before = root.firstChild?.firstChild;
  write(root, "[data-word]", "Kosong");
  equal(root.firstChild?.firstChild === before, true);
  write(root, "[data-word]", "Tutup");
  equal(root.textContent, "Tutup");
});

test("what is hidden is not highlighted", () => {
  const [shown, hidden] = [document.createElement("i"), document.createElement("i")];
  hidden.hidden = true;
  for (const one of [shown, hidden]) highlight(one);
  equal([shown.className, hidden.className], ["new", ""]);
});
