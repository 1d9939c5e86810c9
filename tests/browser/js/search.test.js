import { matches, normalise } from "../../../static/js/core/search.js";
import { equal, test } from "./cases.js";

test("numbers, Roman numerals and their words are one", () => {
  for (const typed of ["35 Ilir", "tiga puluh lima ilir", "TIGAPULUHLIMA ILIR"]) equal(normalise(typed), "tigapuluhlima ilir");
  equal(normalise("Ilir Timur II"), "ilir timur dua");
  equal(normalise("10 11 12 20"), "sepuluh sebelas duabelas duapuluh");
});

test("what says only that it is an office is left out", () => {
  equal(normalise("Kelurahan Sei Selayur, Kec. Kalidoni"), "sungai selayur kalidoni");
});

test("an empty search finds all", () => equal(matches("", "tigapuluhlima ilir"), true));

test("the last word may be begun, the others are whole", () => {
  const text = "kemang manis|ilir barat dua";
  equal(matches("kemang ma", text), true);
  equal(matches("ke manis", text), false);
  equal(matches("manis ilir", text), true);
});

test("a small number does not find a greater one", () => {
  equal(matches("satu", "satu ulu"), true);
  equal(matches("satu ulu", "satubelas ulu|seberang ulu satu"), true);
  equal(matches("lima ulu", "tigapuluhlima ulu"), false);
});
