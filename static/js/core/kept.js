// Says how old a page is that the service worker had kept, and lets it go when news come.

const root = document.documentElement;
const note = document.getElementById("kept");

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const LENGTHS = [["day", 86_400], ["hour", 3600], ["minute", 60]];

function ago(seconds) {
  const [unit, length] = LENGTHS.find(([, one]) => seconds >= one) ?? [];
  if (!unit) return note.dataset.moment;
  return new Intl.RelativeTimeFormat(root.lang, { numeric: "always" }).format(-Math.floor(seconds / length), unit);
}

function say() {
  const { kept, keptSince, keptOf, keptWhy } = root.dataset;
  if (!kept) return;
  const at = new Intl.DateTimeFormat(root.lang === "id" ? "id-ID" : "en-GB", {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: note.dataset.zone,
  }).format(Date.parse(kept));
  // By this device's own clock, which may be wrong by hours: both ends are its own.
  const age = ago(Math.max(0, Date.now() - Number(keptSince)) / 1000);
  const words = keptOf === note.dataset.boardAddress ? note.dataset.board : note.dataset.page;
  const text = `${words.replace("{at}", at).replace("{ago}", age)} ${note.dataset[keptWhy]}`;
  if (note.firstElementChild.textContent !== text) note.firstElementChild.textContent = text;
  note.hidden = false;
}

/** The page is live again; where it stood in for another address, that one is fetched. */
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
setInterval(say, 20_000);
document.addEventListener("visibilitychange", () => document.hidden || say());
say();
