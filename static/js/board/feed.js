// The list of indications: newest first, limited in length.
import { now, writeElapsed } from "../core/clock.js";
import { highlight, setState, write } from "../core/states.js";
import { dayHeading, fill, hour, words } from "../core/words.js";

const list = document.getElementById("feed");
/** @type {HTMLTemplateElement} */
const template = document.getElementById("alert-template");
const empty = document.getElementById("feed-empty");
const voice = document.getElementById("announce");
const items = new Map([...list.children].map((item) => [Number(item.dataset.alert), item]));

function kindOf(alert) {
  return words.details[alert.kind]?.[alert.detail] ?? words.kinds[alert.kind];
}

function place(item) {
  const after = [...list.children].find((other) => other !== item && (
    other.dataset.raised < item.dataset.raised
    || (other.dataset.raised === item.dataset.raised && Number(other.dataset.alert) < Number(item.dataset.alert))));
  if (item.nextElementSibling !== (after ?? null) || !item.parentNode) list.insertBefore(item, after ?? null);
}

function paint(item, alert) {
  const fault = alert.about_camera;
  item.dataset.raised = alert.raised_at;
  item.dataset.of = alert.kelurahan_id;
  item.dataset.since = alert.since;
  item.classList.toggle("ended", Boolean(alert.ended_at));
  setState(item, fault ? "unknown" : "absent");
  item.querySelector("a").href = alert.url;
  item.querySelector("use").setAttribute("href", fault ? "#s-unknown" : "#s-absent");
  write(item, "[data-kind]", kindOf(alert));
  item.querySelector("[data-ask]").hidden = alert.kind !== "blinded" || Boolean(alert.ended_at);
  const outcome = item.querySelector("[data-outcome]");
  outcome.className = alert.outcome ? `outcome is-${alert.outcome}` : "";
  write(item, "[data-outcome]", words.outcomes[alert.outcome] ?? "");
  write(item, "[data-place]", `${alert.kelurahan}, ${alert.counter}`);
  const until = alert.ended_at ? `–${hour(Date.parse(alert.ended_at))}` : "";
  write(item, "[data-clock]", `${hour(Date.parse(alert.since))}${until} ${words.clock.name}`);
  const elapsed = item.querySelector(".elapsed");
  elapsed.dataset.from = alert.since;
  elapsed.dataset.until = alert.ended_at ?? "";
  writeElapsed(elapsed);
}

function drop(id) {
  items.get(id)?.remove();
  items.delete(id);
}

/** Writes each day's heading above the first shown indication that began on it. */
function writeDays() {
  let last = "";
  for (const item of /** @type {HTMLCollectionOf<HTMLElement>} */ (list.children)) {
    const day = dayHeading(Date.parse(item.dataset.since), now());
    write(item, "[data-day]", day);
    if (item.hidden) continue;
    /** @type {HTMLElement} */ (item.querySelector("[data-day]")).hidden = day === last;
    last = day;
  }
}
setInterval(() => document.hidden || writeDays(), 60_000); // today becomes yesterday
document.addEventListener("visibilitychange", () => document.hidden || writeDays());

/** Shows the indications of these offices alone (ids). */
export function narrowAlerts(named) {
  let shown = 0;
  for (const item of items.values()) {
    item.hidden = !named.has(Number(item.dataset.of));
    shown += Number(!item.hidden);
  }
  empty.hidden = shown > 0;
  writeDays();
}

/** Applies IndicationRows (discipline/board/payloads.py). whole: they are the whole feed, else those that changed. */
export function takeAlerts(alerts, whole, limit) {
  const announcements = [];
  if (whole) {
    const stay = new Set(alerts.map((alert) => alert.id));
    for (const id of [...items.keys()]) if (!stay.has(id)) drop(id);
  }
  for (const alert of alerts) {
    if (alert.superseded) {
      drop(alert.id);
      continue;
    }
    let item = items.get(alert.id);
    const unknown = !item;
    if (unknown) {
      item = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
      item.dataset.alert = alert.id;
      items.set(alert.id, item);
    }
    paint(item, alert);
    place(item);
    if (unknown && !whole && !alert.ended_at) {
      highlight(item);
      announcements.push(fill(words.news, { kind: kindOf(alert), counter: alert.counter, kelurahan: alert.kelurahan }));
    }
  }
  while (list.children.length > limit) drop(Number([...list.children].at(-1).dataset.alert));
  writeDays();
  if (announcements.length) voice.textContent = announcements.slice(0, 3).join(". ");
}
