// Keeps parts of a page about one office up to date: what changed is read again from this very address.
import { startClock, tick } from "../core/clock.js";
import { reader } from "../core/refresh.js";
import { followRows } from "../core/socket.js";

/** The version of the board that an element shows. @param {HTMLElement | null} element */
const versionOf = (element) => Number(element?.dataset.version ?? 0);

/**
 * @param {HTMLElement} office the element with data-now, data-socket and data-version
 * @param {string[]} ids of the parts to keep up to date
 * @returns {() => void} reads the parts again
 */
export function followOffice(office, ids) {
  const readAgain = reader(ids, {
    /** @param {Document} page */
    after(page) {
      office.dataset.version = String(Math.max(versionOf(office), versionOf(page.getElementById(office.id))));
      tick();
    },
  });
  /** Any message, a tick too: the page may not have come when it was asked for. @param {{version: number}} message */
  const check = ({ version }) => { if (version > versionOf(office)) readAgain(); };
  startClock(office.dataset.now);
  followRows(office.dataset.socket, check, { onOther: check });
  return readAgain;
}
