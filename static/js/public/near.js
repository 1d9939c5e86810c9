// Shows open reports near what is being filled in, before anything is written twice.
const PAUSE_MS = 700; // after the last letter of a number

/** @type {HTMLElement | null} */
const shown = document.querySelector("[data-near]");
/** @type {HTMLFormElement | null} */
const form = shown?.closest("form");
let waiting = 0, newest = "";

async function show() {
  const said = new URLSearchParams();
  for (const name of ["kind", "office", "latitude", "longitude"]) said.set(name, form.elements[name].value);
  const asked = said.toString();
  if (asked === newest) return;
  newest = asked;
  const placed = said.get("office") || (said.get("latitude") && said.get("longitude"));
  let part = "";
  if (said.get("kind") && placed) {
    try {
      const answer = await fetch(`${shown.dataset.near}?${asked}`, { cache: "no-store" });
      if (answer.ok && !answer.redirected) part = await answer.text();
    } catch { /* without a network: they are shown when the report is sent */ }
  }
  if (asked === newest) shown.innerHTML = part;
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE_MS);
}

for (const event of ["input", "change"]) form?.addEventListener(event, later);
if (form) later();

export {};
