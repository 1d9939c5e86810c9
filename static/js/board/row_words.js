// What board and wall say about an office.
import { words } from "../core/words.js";

/** Returns what is the matter at an office of the board, as row_word of discipline/templatetags/live.py.
 * @param {{ state: string, reason: string }} row @returns {string} */
export function rowWord({ state, reason }) {
  return (state === "absent" && words.reasons[reason]) || words.states[state];
}

/** Returns why no camera sees the office; "" for one that is seen. @param {{ state: string, reason: string }} row @returns {string} */
export function rowCause({ state, reason }) {
  return (state === "unknown" && words.reasons[reason]) || "";
}
