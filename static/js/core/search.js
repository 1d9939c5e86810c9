// Searches names as offices/places/search.py does; the tests check both against the same table.
const ONES = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"];
/** @type {Record<string, string>} */
const ROMAN = { i: "satu", ii: "dua", iii: "tiga", iv: "empat" };
/** @type {Record<string, string>} */
const ALIASES = { sei: "sungai", kel: "", kelurahan: "", kec: "", kecamatan: "" };

/** @param {number} number 0 to 99 */
function numberWord(number) {
  const tens = Math.floor(number / 10), ones = number % 10;
  if (number < 10) return ONES[ones];
  if (number < 12) return number === 10 ? "sepuluh" : "sebelas";
  if (tens === 1) return `${ONES[ones]}belas`;
  return `${ONES[tens]}puluh${ones ? ONES[ones] : ""}`;
}

/** Returns the text in lower case without accents and punctuation, each number as one word. @param {string} text */
export function normalise(text) {
  const plain = text.toLowerCase().normalize("NFKD").replace(/[^\x00-\x7f]/g, "");
  /** @type {string[]} */
  const words = [];
  for (const part of plain.match(/\d+|[a-z]+/g) ?? []) {
    let word = ROMAN[part] ?? ALIASES[part] ?? part;
    if (/^\d{1,2}$/.test(part)) word = numberWord(Number(part));
    if (!word) continue;
    const previous = words.at(-1) ?? "";
    const joins = ((word === "puluh" || word === "belas") && ONES.includes(previous))
      || (ONES.includes(word) && previous.endsWith("puluh") && previous !== "sepuluh");
    if (joins) words[words.length - 1] += word;
    else words.push(word);
  }
  return words.join(" ");
}

/** Whether a query finds an office. @param {string} query from normalise() @param {string} text a tile's data-search */
export function matches(query, text) {
  const wanted = query.split(" ").filter(Boolean);
  if (!wanted.length) return true;
  const whole = wanted.join("");
  for (const name of text.split("|")) {
    const parts = name.split(" ");
    if (parts.some((_, n) => parts.slice(n).join("").startsWith(whole))) return true;
  }
  const all = text.split(/[| ]/);
  const last = wanted[wanted.length - 1];
  const ends = ONES.includes(last) ? all.includes(last) : all.some((word) => word.startsWith(last));
  return ends && wanted.slice(0, -1).every((word) => all.includes(word));
}
