// Fetches the present address, or another one, again and replaces the parts of the page that changed.

/**
 * Returns a function that refreshes the page. Calls while it is busy lead to one more run.
 * @param {string[]} ids of the parts that may change
 * @param {object} [options]
 * @param {(part: HTMLElement) => boolean} [options.keep] whether to leave this part as it is for now
 * @param {() => string} [options.address] what is fetched
 * @param {(page: Document) => void} [options.after] called with the fetched page, after the replacements
 */
export function reader(ids, { keep = () => false, after = () => {}, address = () => location.href } = {}) {
  let busy = false, again = false;

  async function refresh() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const answer = await fetch(address(), { cache: "no-store" });
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
      again = false; // the next call tries again
    }
    busy = false;
    if (again) {
      again = false;
      refresh();
    }
  }
  return refresh;
}
