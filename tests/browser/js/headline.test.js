import { headline } from "../../../static/js/board/headline.js";
import { equal, test } from "./cases.js";

// Also read by tests/discipline/board/test_headline_rule.py.
const CASES = await (await fetch("/tests/browser/js/headline_cases.json")).json();

test("the headline counts as the server does", () => {
  equal(CASES.length > 0, true);
  for (const { offices, headline: wanted } of CASES) equal(headline(offices), wanted);
});
