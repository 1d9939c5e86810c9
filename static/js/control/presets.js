// The list of a camera's presets with their pictures. Messages: streams/control/steering/consumers.py.

/** @typedef {{ token: string, name: string, gone: boolean, picture: string, taken_at: string }} Preset */

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

const dayAndTime = new Intl.DateTimeFormat(document.documentElement.lang, {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: "Asia/Jakarta",
});

/** Returns {show(presets, state)}, which fills the list. state: the newest of the server, or null.
 * @param {HTMLElement} list @param {DOMStringMap} words @param {(message: object) => void} send */
export function makePresets(list, words, send) {
  let shown = "";

  /** @param {Preset} preset */
  function pictureOf({ picture, taken_at: at }) {
    if (!picture) return make("span", "steer-blank", words.noPicture);
    const image = /** @type {HTMLImageElement} */ (make("img", "steer-thumb"));
    Object.assign(image, { src: `${picture}?${new URLSearchParams({ at })}`, alt: "", width: 320, height: 180 });
    image.addEventListener("error", () => image.replaceWith(make("span", "steer-blank", words.noPicture)));
    return image;
  }

  /** @param {Preset} preset @param {any} state */
  function item(preset, state) {
    const { token, name, gone, taken_at: at } = preset, isHome = state?.home?.token === token;
    const made = make("li", gone ? "is-gone" : ""), go = /** @type {HTMLButtonElement} */ (make("button", "steer-preset"));
    go.type = "button";
    go.disabled = !state?.mine || gone;
    const called = isHome ? `${name} (${words.home})` : name;
    go.setAttribute("aria-label", gone ? `${called}, ${words.gone}` : called);
    go.append(pictureOf(preset), make("span", "steer-name", called));
    if (gone) go.append(make("span", "steer-gone small", words.gone));
    else if (at) go.append(make("span", "soft small", dayAndTime.format(new Date(at))));
    go.addEventListener("click", () => send({ do: "preset", token }));
    made.append(go);
    if (state?.mine && state.sets_home && !isHome && !gone) {
      const home = /** @type {HTMLButtonElement} */ (make("button", "button quiet", words.makeHome));
      home.type = "button";
      home.setAttribute("aria-label", `${words.makeHome}: ${name}`);
      home.addEventListener("click", () => send({ do: "set_home", token }));
      made.append(home);
    }
    return made;
  }

  return {
    /** @param {Preset[]} presets @param {any} state */
    show(presets, state) {
      const marks = JSON.stringify([presets, state?.mine, state?.home, state?.sets_home]);
      if (marks === shown) return; // keeps the focus
      shown = marks;
      const focused = [...list.querySelectorAll("button")].indexOf(/** @type {any} */ (document.activeElement));
      list.replaceChildren(...presets.map((preset) => item(preset, state)));
      list.querySelectorAll("button")[focused]?.focus();
    },
  };
}
