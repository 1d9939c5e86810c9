// The pages of the wall: they turn by themselves, fill the screen with their grid, and can be used by keyboard.
const RESTS_MS = 30_000; // without input before pages turn again
const RATIO = 16 / 9;
const LARGE_ENOUGH = 0.8; // of the largest possible pictures: for a grid without holes
const wide = matchMedia("(min-width: 48rem)");

const number = document.getElementById("page-number");
const pager = document.getElementById("pager");
const pause = document.querySelector('[data-do="pause"]');

export class Pages {
  /** offices(): returns all in their order, each with its tile. changed(): called when other tiles are on the screen. */
  constructor(wall, offices, changed) {
    this.wall = wall;
    this.offices = offices;
    this.page = 0;
    this.paused = false;
    this.touchedAt = -RESTS_MS;
    this.visible = new Set();
    this.map = document.querySelector('.wall-map[data-at="halaman"]');
    this.turnMs = Number(wall.dataset.turn) * 1000;
    this.turnedAt = performance.now();
    this.watcher = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const { office } = /** @type {HTMLElement} */ (target).dataset;
        this.visible[isIntersecting ? "add" : "delete"](Number(office));
      }
      changed();
    });
    for (const tile of wall.children) this.watcher.observe(tile);
    addEventListener("resize", () => this.arrange());
    wide.addEventListener("change", () => this.arrange());
    new ResizeObserver(() => this.fit()).observe(document.querySelector(".wall-head"));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("pointerdown", () => { this.touchedAt = performance.now(); });
    for (const [name, work] of Object.entries({ back: () => this.turn(-1), next: () => this.turn(1), pause: () => this.rest() })) {
      document.querySelector(`[data-do="${name}"]`).addEventListener("click", work);
    }
    if (this.turnMs) setInterval(() => this.turnByItself(), 1000);
    pause.hidden = !this.turnMs;
  }

  get size() {
    return (wide.matches && Number(this.wall.dataset.size)) || Infinity; // phones scroll instead
  }

  /** Returns the ids of the offices on the screen. */
  onScreen() {
    return [...this.visible];
  }

  /** Sorts the tiles, shows those of the present page, and fits them to the screen. */
  arrange() {
    const all = this.offices(), lead = this.map && wide.matches ? 1 : 0;
    const pages = lead + Math.max(1, Math.ceil(all.length / this.size));
    this.page = Math.min(this.page, pages - 1);
    const onMap = this.page < lead;
    if (this.map) this.map.hidden = Boolean(lead) && !onMap;
    this.wall.hidden = onMap;
    // The last page is as full as the others: some of its tiles were on the one before.
    const from = Math.max(0, Math.min((this.page - lead) * this.size, all.length - this.size)) || 0;
    // Moving an element drops its focus, so only elements out of place are moved.
    all.forEach(({ tile }, n) => {
      if (this.wall.children[n] !== tile) this.wall.insertBefore(tile, this.wall.children[n] ?? null);
      tile.hidden = n < from || n >= from + this.size;
    });
    this.count = pages;
    pager.hidden = pages < 2;
    number.textContent = `${this.page + 1} / ${pages}`;
    this.fit();
  }

  /** Chooses the grid that fills the screen with the largest pictures and the fewest holes. */
  fit() {
    const { style } = this.wall;
    if (!wide.matches) {
      style.removeProperty("--columns");
      return;
    }
    const shown = Math.min(this.size, this.wall.children.length);
    const gap = parseFloat(getComputedStyle(this.wall).columnGap) || 0;
    const width = this.wall.clientWidth, height = innerHeight - this.wall.getBoundingClientRect().top - scrollY - 2 * gap;
    if (!width) return;
    const grids = Array.from({ length: shown }, (_, n) => {
      const columns = n + 1, rows = Math.ceil(shown / columns);
      const tile = Math.min((width - gap * n) / columns, ((height - gap * (rows - 1)) / rows) * RATIO);
      return { columns, rows, tile, holes: columns * rows - shown };
    });
    const largest = Math.max(...grids.map(({ tile }) => tile));
    const [best] = grids.filter(({ tile }) => tile >= largest * LARGE_ENOUGH)
      .sort((one, other) => one.holes - other.holes || other.tile - one.tile);
    style.setProperty("--columns", best.columns);
    style.setProperty("--rows", best.rows);
    this.columns = best.columns;
  }

  /** Shows the page `by` pages further, around the ends. */
  turn(by) {
    this.page = (this.page + by + this.count) % this.count;
    this.turnedAt = performance.now();
    this.arrange();
  }

  turnByItself() {
    const moment = performance.now();
    const inUse = moment - this.touchedAt < RESTS_MS || document.querySelector("dialog[open]");
    if (this.count > 1 && !this.paused && !inUse && !document.hidden && moment - this.turnedAt >= this.turnMs) this.turn(1);
  }

  /** Pauses the turning of pages, or resumes it. */
  rest() {
    this.paused = !this.paused;
    pause.setAttribute("aria-pressed", String(this.paused));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    const work = {
      ArrowLeft: () => this.step(-1), ArrowRight: () => this.step(1),
      ArrowUp: () => this.step(-(this.columns ?? 2)), ArrowDown: () => this.step(this.columns ?? 2),
      Home: () => this.focus(0), End: () => this.focus(Infinity),
      PageUp: () => this.count > 1 && this.turn(-1), PageDown: () => this.count > 1 && this.turn(1),
      " ": () => this.turnMs > 0 && !event.target.closest("button, summary") && this.rest(),
    }[event.key];
    if (!work) return;
    this.touchedAt = performance.now();
    if (work() !== false) event.preventDefault();
  }

  /** Moves the focus by so many tiles, beyond the last one to the next page. */
  step(by) {
    const shown = this.shown();
    const place = shown.indexOf(document.activeElement?.closest(".wall-tile"));
    if (place < 0) this.focus(0);
    else if (this.count > 1 && Math.abs(by) === 1 && !shown[place + by]) {
      this.turn(by);
      this.focus(by > 0 ? 0 : Infinity);
    } else if (shown[place + by]) this.focus(place + by);
  }

  /** Focuses the page's tile at this index, or its last one. */
  focus(place) {
    const shown = this.shown();
    shown[Math.min(place, shown.length - 1)]?.querySelector("a").focus();
  }

  /** Returns the tiles of the present page. */
  shown() {
    return [...this.wall.children].filter((tile) => !tile.hidden);
  }
}
