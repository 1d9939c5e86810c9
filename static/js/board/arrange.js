// Filters, counts and sorts the board's offices. Groups and sort keys come from the server: discipline/board/rows.py.
import { matches } from "../core/search.js";

/**
 * An office of the board. `above`: of a kecamatan, which has a section and counts of its own; `visibility` and `serving`: see headline.js; `trouble`: sort key among those in trouble, "" for others; `names`: the text to search.
 * @typedef {{ above?: boolean, code: string, group: string, state: string, trouble: string, visibility: string, serving: boolean, names: string }} Office
 */

/**
 * Returns a comparison by the string under `key`.
 * @template {string} K @param {K} key @returns {(one: Record<K, string>, other: Record<K, string>) => number}
 */
export function byKey(key) {
  return (one, other) => (one[key] < other[key] ? -1 : Number(one[key] > other[key]));
}

/**
 * Applies the filters.
 * @template {Office} T
 * @param {Iterable<T>} offices
 * @param {{ query: string, kecamatan: string, groups: string[] }} filters `query` is normalised; empty: no filter
 * @param {number} cardLimit most offices in trouble that are shown as cards when no group is chosen
 * @returns {{ shown: Set<T>, troubled: T[], counts: Record<string, number>,
 *   sections: Map<string, { shown: number, all: T[] }>, named: Set<T> }} `counts` by group, `troubled`, `grey` (in trouble and
 *   seen by no camera) and `more` (in trouble without a card), and of a search `one` or `many`; `sections` by kecamatan, and "above"; `troubled` in order; `named`: passed all but `groups`
 */
export function arrangeOffices(offices, { query, kecamatan, groups }, cardLimit) {
  /** @type {Record<string, number>} */
  const counts = { troubled: 0 };
  const sections = new Map(), shown = new Set(), named = new Set(), troubled = [];
  for (const office of offices) {
    counts.troubled += Number(office.trouble !== "");
    if (!office.above) counts[office.group] = (counts[office.group] ?? 0) + 1;
    const place = office.above ? "above" : office.code, section = sections.get(place) ?? { shown: 0, all: [] };
    sections.set(place, section);
    section.all.push(office);
    if (kecamatan && office.code !== kecamatan) continue;
    if (!matches(query, office.names)) continue;
    named.add(office);
    if (groups.length && !groups.includes(office.group)) continue;
    section.shown += 1;
    shown.add(office);
    if (office.trouble) troubled.push(office);
  }
  const limit = groups.length ? Infinity : cardLimit;
  counts.more = Math.max(0, troubled.length - limit);
  counts.grey = troubled.filter(({ state }) => state === "unknown").length;
  if (query) counts[shown.size === 1 ? "one" : "many"] = shown.size;
  return { shown, troubled: troubled.sort(byKey("trouble")).slice(0, limit), counts, sections, named };
}
