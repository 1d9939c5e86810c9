// The board's headline: what discipline/board/headline_rule.py does on the server. The cases of both are in
// tests/browser/js/headline_cases.json.

/**
 * Counts the offices of a headline.
 * @param {Iterable<{ visibility: string, serving: boolean, group: string }>} offices
 * @returns {{ serving: number, seen: number, unseen: number, closed: number, kind: string }}
 */
export function headline(offices) {
  const counts = { serving: 0, seen: 0, unseen: 0, closed: 0 };
  for (const { visibility, serving, group } of offices) {
    counts.serving += Number(serving);
    counts.seen += Number(visibility === "seen");
    counts.unseen += Number(visibility === "unseen");
    counts.closed += Number(group === "closed");
  }
  const { seen, unseen, closed } = counts;
  return { ...counts, kind: seen ? "seen" : unseen ? "unseen" : closed ? "closed" : "none" };
}
