// The form of a tour: which presets, in which order, for how long. The server goes round: streams/control/steering/presets/tour.py.

const USUAL_S = 20;

/** Returns {presets(list), tour(message), state(newest)}.
 * @param {HTMLElement} root @param {DOMStringMap} words @param {(message: object) => void} send */
export function makeTour(root, words, send) {
  const rows = root.querySelector("ol"), status = root.querySelector("[role=status]");
  const [start, stop] = /** @type {NodeListOf<HTMLButtonElement>} */ (root.querySelectorAll(".buttons > button"));
  /** @type {{ token: string, dwell_s: number }[]} */
  let stops = [];
  /** @type {Map<string, string>} */
  let names = new Map();
  let at = "", mine = false, built = "";

  /** @param {string} token @param {string} name */
  function row(token, name) {
    const saved = stops.find((one) => one.token === token);
    const made = document.createElement("li"), label = document.createElement("label");
    const wanted = document.createElement("input"), seconds = document.createElement("input");
    const up = document.createElement("button"), unit = document.createElement("span");
    made.dataset.token = token;
    Object.assign(wanted, { type: "checkbox", checked: Boolean(saved) });
    label.append(wanted, ` ${name}`);
    Object.assign(seconds, { type: "number", min: "5", max: "300", required: true, value: String(saved?.dwell_s ?? USUAL_S), inputMode: "numeric" });
    seconds.setAttribute("aria-label", `${words.seconds}: ${name}`);
    unit.textContent = words.unit;
    unit.setAttribute("aria-hidden", "true");
    Object.assign(up, { type: "button", className: "button quiet", textContent: "↑" });
    up.setAttribute("aria-label", `${words.earlier}: ${name}`);
    up.addEventListener("click", () => {
      made.previousElementSibling?.before(made);
      up.focus();
    });
    made.append(label, seconds, unit, up);
    return made;
  }

  function build() {
    const order = [...stops.map((one) => one.token), ...names.keys()].filter((token, place, all) => names.has(token) && all.indexOf(token) === place);
    const marks = JSON.stringify([order, [...names], stops]);
    if (marks === built) return; // keeps what is being typed
    built = marks;
    rows.replaceChildren(...order.map((token) => row(token, names.get(token))));
  }

  function show() {
    root.hidden = names.size < 2;
    start.hidden = Boolean(at);
    stop.hidden = !at;
    start.disabled = stop.disabled = !mine;
    status.textContent = at ? `${words.touring} ${names.get(at) ?? ""}` : "";
  }

  function chosen() {
    return [...rows.children].flatMap((made) => {
      const [wanted, seconds] = made.querySelectorAll("input");
      return wanted.checked ? [{ token: /** @type {HTMLElement} */ (made).dataset.token, dwell_s: Number(seconds.value) }] : [];
    });
  }

  start.addEventListener("click", () => {
    const bad = [...rows.querySelectorAll("input")].find((one) => !one.checkValidity());
    if (bad) bad.reportValidity();
    else if (chosen().length < 2) status.textContent = words.tooFew;
    else send({ do: "tour", stops: chosen() });
  });
  stop.addEventListener("click", () => send({ do: "stop" }));

  return {
    /** @param {{ token: string, name: string, gone: boolean }[]} list */
    presets(list) {
      names = new Map(list.filter((one) => !one.gone).map((one) => [one.token, one.name]));
      build();
      show();
    },
    /** @param {{ at: string, stops: typeof stops }} message */
    tour(message) {
      ({ at, stops } = message);
      build();
      show();
    },
    /** @param {{ mine: boolean }} newest */
    state(newest) {
      ({ mine } = newest);
      if (!mine) at = "";
      show();
    },
  };
}
