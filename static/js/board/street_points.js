// The street points of the board: their tiles, and their rows for the map, which are asked for again while they are seen.
import { matches } from "../core/search.js";
import { setState, shape, write } from "../core/states.js";

const WIDE = "(min-width: 40rem)";

/**
 * @param {HTMLDetailsElement} holder the section, with the address of the rows
 * @param {{ onMap(): boolean, paint(points: any): void }} map onMap: whether the map is open; paint: shows points on it
 * @returns {{ arrange(query: string, narrowed: boolean, look: string): void, refresh(): Promise<void> }} arrange: applies
 *   the filters; narrowed: filters that only offices pass are set; look: "kantor", "titik" or "" for both
 */
export function streetPoints(holder, map) {
  const tiles = new Map([...holder.querySelectorAll(".tile")].map((tile) => [Number(tile.dataset.point), tile]));
  /** @type {any} */
  let answer = null;
  let wanted = { query: "", shown: true };

  function paint() {
    if (answer) map.paint({ ...answer, rows: answer.rows.filter(({ id, search }) => wanted.shown && tiles.has(id) && matches(wanted.query, search)) });
  }

  function paintTiles() {
    for (const row of answer.rows) {
      const tile = tiles.get(row.id);
      if (!tile) continue; // a new point: it comes with the next page
      setState(tile, row.state);
      tile.querySelector("use").setAttribute("href", `#s-${row.state}`);
      write(tile, "[data-word]", row.word);
    }
    holder.querySelector("[data-counts]").replaceChildren(...answer.counts.map(([state, word, n]) => {
      const part = Object.assign(document.createElement("span"), { className: `is-${state}` });
      part.append(shape(state, ""), " ", Object.assign(document.createElement("b"), { textContent: n }), ` ${word}`);
      return part;
    }));
  }

  async function refresh() {
    try {
      const response = await fetch(holder.dataset.source, { cache: "no-store" });
      if (!response.ok || response.redirected) return;
      answer = await response.json();
    } catch {
      return; // the next time
    }
    paintTiles();
    paint();
  }

  const seen = () => !document.hidden && wanted.shown && (holder.open || map.onMap());
  setInterval(() => { if (seen()) refresh(); }, Number(holder.dataset.refresh) * 1000);
  if (matchMedia(WIDE).matches) holder.open = true; // folded on a phone

  return {
    arrange(query, narrowed, look) {
      wanted = { query, shown: look === "titik" || (look === "" && !narrowed) };
      let any = false;
      for (const tile of tiles.values()) {
        tile.hidden = !matches(query, tile.dataset.search);
        any ||= !tile.hidden;
      }
      holder.hidden = !wanted.shown;
      holder.querySelector("[data-nothing]").hidden = any;
      if (look === "titik") holder.open = true;
      if (map.onMap() && !answer) refresh();
      else paint();
    },
    refresh,
  };
}
