// Keeps parts of a page about one office up to date: when the office changes, they are fetched again from this address.
import { startClock, tick } from "../core/clock.js";
import { reader } from "../core/refresh.js";
import { followRows } from "../core/socket.js";

/** Returns the BoardVersion that an element shows. @param {HTMLElement | null} element */
const versionOf = (element) => Number(element?.dataset.version ?? 0);

/**
 * Follows one office.
 * @param {HTMLElement} office the element with data-now, data-socket and data-version
 * @param {string[]} ids of the parts to keep up to date
 * @param {(row: any) => void} [onRow] called with the office's row when it comes
 * @param {() => void} [onFresh] called when the parts have come again
 * @returns {() => void} fetches the parts again
 */
export function followOffice(office, ids, onRow = () => {}, onFresh = () => {}) {
  const refresh = reader(ids, {
    /** @param {Document} page */
    after(page) {
      office.dataset.version = String(Math.max(versionOf(office), versionOf(page.getElementById(office.id))));
      tick();
      onFresh();
    },
  });
  /** Called with every message, ticks too: an earlier fetch may have failed. @param {{version: number}} message */
  const check = ({ version }) => { if (version > versionOf(office)) refresh(); };
  startClock(office.dataset.now);
  followRows(office.dataset.socket, (message) => {
    check(message);
    for (const row of message.rows) onRow(row);
  }, { onOther: check });
  return refresh;
}
