// Shows the age of a page that came from the service worker's cache, until fresh data arrives.

const root = document.documentElement;
const note = document.getElementById("kept");

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const LENGTHS = [["day", 86_400], ["hour", 3600], ["minute", 60]];

function ago(seconds) {
  const [unit, length] = LENGTHS.find(([, shortest]) => seconds >= shortest) ?? [];
  if (!unit) return note.dataset.moment;
  return new Intl.RelativeTimeFormat(root.lang, { numeric: "always" }).format(-Math.floor(seconds / length), unit);
}

function showAge() {
  const { kept, keptSince, keptOf, keptWhy } = root.dataset;
  if (!kept) return;
  const at = new Intl.DateTimeFormat(root.lang === "id" ? "id-ID" : "en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: note.dataset.zone,
  }).format(Date.parse(kept));
  // This device's clock may be wrong by hours, but both times are taken from it.
  const age = ago(Math.max(0, Date.now() - Number(keptSince)) / 1000);
  const words = keptOf === note.dataset.boardAddress ? note.dataset.board : note.dataset.page;
  const text = `${words.replace("{at}", at).replace("{ago}", age)} ${note.dataset[keptWhy]}`;
  if (note.firstElementChild.textContent !== text) note.firstElementChild.textContent = text;
  note.hidden = false;
}

/** Hides the note: fresh data has arrived. A cached board that was shown at another address is reloaded instead. */
export function fresh() {
  if (!root.dataset.kept) return;
  if (root.dataset.keptOf !== location.pathname) {
    location.reload();
    return;
  }
  delete root.dataset.kept;
  note.hidden = true;
}

note.querySelector("button").addEventListener("click", () => location.reload());
setInterval(showAge, 20_000);
document.addEventListener("visibilitychange", () => document.hidden || showAge());
showAge();
