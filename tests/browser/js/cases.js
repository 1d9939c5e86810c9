// What the *.test.js beside it use: named cases of plain assertions, run by tests/browser/test_js_units.py.

/** @type {Map<string, () => void | Promise<void>>} */
const cases = new Map();

/** @param {string} name @param {() => void | Promise<void>} work */
export function test(name, work) {
  if (cases.has(name)) throw new Error(`Two cases are called "${name}"`);
  cases.set(name, work);
}

/** Throws unless both are the same, also inside arrays, objects, maps and sets.
 * @param {unknown} found @param {unknown} wanted */
export function equal(found, wanted) {
  const [one, other] = [show(found), show(wanted)];
  if (one !== other) throw new Error(`${one} is not ${other}`);
}

/** @param {unknown} value */
function show(value) {
  return JSON.stringify(value, (_, part) => {
    if (part instanceof Map || part instanceof Set) return [...part];
    return part === undefined || Number.isNaN(part) || Math.abs(part) === Infinity ? String(part) : part;
  });
}

/** Throws unless the numbers differ by less than a millionth. @param {number} found @param {number} wanted */
export function near(found, wanted) {
  if (!(Math.abs(found - wanted) < 1e-6)) throw new Error(`${found} is not ${wanted}`);
}

/** Returns by name what went wrong, or "". */
export async function run() {
  /** @type {Record<string, string>} */
  const results = {};
  for (const [name, work] of cases) {
    try {
      await work();
      results[name] = "";
    } catch (error) {
      results[name] = String(error instanceof Error ? error.stack : error);
    }
  }
  return results;
}
