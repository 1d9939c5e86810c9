// The elements of a live player, and its translated words (templatetags live_player).
export const words = JSON.parse(document.getElementById("live-words").textContent);

export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

const REASON = "live-reason";
const SVG = "http://www.w3.org/2000/svg";

/** Creates an element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Sets a button's icon and label. */
export function dress(button, name, label) {
  if (button.dataset.icon === name) return;
  button.dataset.icon = name;
  button.setAttribute("aria-label", label);
  button.title = label;
  button.replaceChildren(icon(name));
}

function button(name, label, onClick) {
  const element = make("button", { type: "button", class: "live-button" });
  dress(element, name, label);
  element.addEventListener("click", onClick);
  return element;
}

/** Builds the player inside `root`, with the poster that may be there. press: click handlers of the buttons by name. */
export function build(root, press) {
  const poster = root.querySelector("img") ?? make("img", { alt: "" });
  const video = make("video", { playsinline: "", muted: "", "aria-hidden": "true" });
  const picture = make("img", { class: "live-picture", alt: "", hidden: "" });
  const inner = make("div", { class: "live-inner" }, poster, video, picture);
  const state = make("p", { class: "live-state", role: "status" });
  const note = make("div", { class: "live-note", hidden: "" });
  const buttons = {
    pause: button("pause", words.pause, press.pause),
    photo: button("photo", words.photo, press.photo),
    out: button("minus", words.zoom_out, press.out),
    in: button("plus", words.zoom_in, press.in),
    pip: button("pip", words.pip, press.pip),
    full: button("full", words.full, press.full),
  };
  const controls = make("div", { class: "live-controls" }, ...Object.values(buttons));
  const frame = make("div", { class: "live-frame", tabindex: "0", role: "group", "aria-label": words.video }, inner, state);
  poster.classList.add("live-poster");
  poster.addEventListener("error", () => { poster.hidden = true; });
  root.replaceChildren(frame, note, ...("plain" in root.dataset ? [] : [controls]));
  return { poster, video, picture, inner, state, note, buttons, frame };
}

/** Shows the form that asks for the reason to view a closed office; calls onReason(reason). */
export function askReason(note, onReason) {
  const field = make("textarea", { rows: "2", minlength: "10", maxlength: "500", required: "" });
  const label = make("label", {}, words.reason, field);
  field.value = sessionStorage.getItem(REASON) ?? ""; // as given for the previous camera
  const form = make("form", { class: "live-reason" }, label, make("p", { class: "small" }, words.reason_hint),
    make("button", { class: "button primary" }, words.look));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(REASON, field.value.trim());
    onReason(field.value.trim());
  });
  note.replaceChildren(form);
  note.hidden = false;
}
