// Reads this very address anew and puts in what changed.

/**
 * @param {string[]} ids of the parts that change
 * @param {object} [options]
 * @param {(part: HTMLElement) => boolean} [options.keep] leave this part for now
 * @param {(page: Document) => void} [options.after] called with the page that was read, when all is in its place
 */
export function reader(ids, { keep = () => false, after = () => {} } = {}) {
  let reading = false, again = false;

  async function readAnew() {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.redirected || answer.status === 404) location.reload();
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const id of ids) {
          const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
          if (old && fresh && old.innerHTML !== fresh.innerHTML && !keep(old)) old.replaceChildren(...fresh.childNodes);
        }
        after(page);
      }
    } catch {
      again = false; // whoever calls next tries again
    }
    reading = false;
    if (again) {
      again = false;
      readAnew();
    }
  }
  return readAnew;
}
