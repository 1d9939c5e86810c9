// The list of public points: states and stills are kept fresh; the map loads when it is first opened.
const FRESH_MS = 20_000;
const list = document.getElementById("points"), holder = document.getElementById("map");
const button = document.getElementById("show-map"), failed = document.getElementById("map-failed");

for (const choice of document.querySelectorAll(".filters select")) {
  choice.addEventListener("change", () => /** @type {HTMLFormElement} */ (choice.closest("form")).requestSubmit());
}

/** Writes the newest states and stills into the cards that are there. */
async function refresh() {
  if (document.hidden) return;
  const address = new URL(location.href);
  address.searchParams.set("bagian", "daftar");
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const card of list.querySelectorAll(".point")) {
    const newest = fresh.querySelector(`.point[data-code="${card.dataset.code}"]`);
    if (!newest) {
      card.remove();
      continue;
    }
    for (const part of [".now", ".still"]) {
      const [old, shown] = [card.querySelector(part), newest.querySelector(part)];
      if (old.innerHTML !== shown.innerHTML) old.replaceChildren(...shown.childNodes);
    }
  }
}
setInterval(() => refresh().catch(() => {}), FRESH_MS);

let drawn = null;
button.addEventListener("click", async () => {
  const open = holder.hidden;
  holder.hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  failed.hidden = true;
  if (!open || drawn) return;
  try {
    const { drawPoints } = await import("./map.js");
    drawn = await drawPoints(holder, list);
  } catch {
    failed.hidden = false;
    holder.replaceChildren();
    holder.hidden = true;
    button.setAttribute("aria-expanded", "false");
  }
});
