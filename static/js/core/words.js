// The page's translated words, from discipline/board/words.py, and durations and times of day formatted with them.
export const words = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("words")).textContent ?? "");

/** Replaces %(name)s. @param {string} text @param {Record<string, any>} values */
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

/** Fills in a number. @param {[string, string]} forms singular and plural @param {number} n */
export const several = ([one, many], n) => fill(n === 1 ? one : many, { n });

/** Returns whole minutes: "< 1 menit", "18 menit", "2 jam 5 menit". @param {number} seconds */
export function duration(seconds) {
  const minutes = Math.floor(Math.max(seconds, 0) / 60);
  if (minutes < 1) return words.moment;
  /** @type {[number, [string, string]][]} */
  const parts = [
    [Math.floor(minutes / 1440), words.units.day],
    [Math.floor(minutes / 60) % 24, words.units.hour],
    [minutes % 60, words.units.minute],
  ];
  return parts.filter(([n]) => n).map(([n, forms]) => several(forms, n)).join(" ");
}

const clock = new Intl.DateTimeFormat(words.clock.dot ? "id-ID" : "en-GB", {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: words.clock.zone,
});

/** @param {Date | number} moment Unix ms */
export const hour = (moment) => clock.format(moment);

const wholeDay = new Intl.DateTimeFormat(words.clock.dot ? "id-ID" : "en-GB", {
  weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: words.clock.zone,
});
const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: words.clock.zone });

/**
 * Returns the heading of a day in a list, as discipline/core/wording.py does: "Hari ini", "Kemarin", "Sen 23 Nov".
 * @param {number} moment Unix ms
 * @param {number} now Unix ms
 */
export function dayHeading(moment, now) {
  const day = dayKey.format(moment), today = dayKey.format(now);
  if (day === today) return words.days.today;
  // No change of clocks in Indonesia: a day has 24 hours.
  if (day === dayKey.format(now - 86_400_000)) return words.days.yesterday;
  const parts = wholeDay.formatToParts(moment);
  /** @param {string} type */
  const part = (type) => parts.find((one) => one.type === type)?.value ?? "";
  const year = day.slice(0, 4) === today.slice(0, 4) ? "" : ` ${part("year")}`;
  return `${part("weekday")} ${part("day")} ${part("month")}${year}`;
}

/** @param {Date | number} moment Unix ms */
export const hourWithZone = (moment) => `${hour(moment)} ${words.clock.name}`;
