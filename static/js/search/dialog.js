// The search of every page: a dialog with a combobox over a list of links. Loaded when it is first opened.
import { recentlyOpened } from "./recent.js";

const PAUSE_MS = 150; // between the last letter and the question
const NAME = "search-hits", MORE = "i-search";

/** @type {HTMLAnchorElement} */
let finder;
/** @type {HTMLDialogElement} */
let dialog;
/** @type {Promise<HTMLDialogElement> | null} */
let building = null;
/** @type {HTMLInputElement} */
let field;
/** @type {HTMLElement} */
let list, status, hint;
let active = -1; // index of the option that Enter opens
let timer = 0;
/** @type {AbortController | null} */
let asking = null;
/** @type {string | null} */
let answered = ""; // the query that the list is about; null while there is none, as after a failure
let entered = false; // Enter came before the answer

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {string} className @param {Record<string, string>} attributes
 */
function make(tag, className, attributes = {}) {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(picture.namespaceURI, "use");
  use.setAttribute("href", `#${name}`);
  picture.append(use);
  return /** @type {SVGElement} */ (picture);
}

async function build() {
  const label = finder.getAttribute("aria-label");
  const style = make("link", "", { rel: "stylesheet", href: finder.dataset.sheet });
  await new Promise((resolve) => {
    style.onload = style.onerror = resolve;
    document.head.append(style);
  });
  const made = make("dialog", "search", { "aria-label": label });
  const form = make("form", "search-form", { role: "search", action: finder.href });
  field = make("input", "", {
    type: "text", inputmode: "search", name: "q", maxlength: "100", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
    enterkeyhint: "go", placeholder: label, role: "combobox", "aria-label": label, "aria-autocomplete": "list",
    "aria-expanded": "false", "aria-controls": NAME,
  });
  const close = make("button", "button", { type: "button", "aria-label": finder.dataset.close });
  close.append(icon("i-close"));
  form.append(field, close);
  status = make("p", "search-status", { role: "status" });
  list = make("div", "search-list", { id: NAME, role: "listbox", "aria-label": label });
  hint = make("p", "search-hint soft");
  made.append(form, status, list, hint);
  document.body.append(made);

  close.addEventListener("click", () => made.close());
  made.addEventListener("pointerdown", ({ target, clientX: x, clientY: y }) => {
    const { left, right, top, bottom } = made.getBoundingClientRect();
    if (target === made && (x < left || x > right || y < top || y > bottom)) made.close(); // on the backdrop
  });
  made.addEventListener("keydown", pressed);
  made.addEventListener("close", () => { asking?.abort(); clearTimeout(timer); });
  list.addEventListener("click", (event) => {
    if (event.target.closest("a") && !event.ctrlKey && !event.metaKey && !event.shiftKey) made.close();
  });
  field.addEventListener("input", () => {
    entered = false;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  form.addEventListener("submit", submitted);
  addEventListener("online", () => { if (made.open && answered === null) ask(); });
  return made;
}

const options = () => list.querySelectorAll("a");
const query = () => field.value.trim();

function choose(index) {
  const all = options();
  all[active]?.setAttribute("aria-selected", "false");
  active = all.length ? (index + all.length) % all.length : -1;
  const one = all[active];
  field.setAttribute("aria-activedescendant", one?.id ?? "");
  one?.setAttribute("aria-selected", "true");
  one?.scrollIntoView({ block: "nearest" });
}

/** Fills the list. @param {{ title: string, icon: string, hits: { url: string, title: string, note: string, icon?: string }[] }[]} groups */
function show(groups) {
  let number = 0;
  active = -1;
  list.replaceChildren(...groups.map(({ title, icon: kind, hits }, n) => {
    const group = make("div", "search-group", title ? { role: "group", "aria-labelledby": `${NAME}-group-${n}` } : {});
    if (title) {
      const heading = make("p", "search-heading", { id: `${NAME}-group-${n}`, role: "presentation" });
      heading.textContent = title;
      group.append(heading);
    }
    for (const hit of hits) {
      const name = hit.icon ?? kind;
      const link = make("a", "search-hit", {
        href: hit.url, id: `${NAME}-${number++}`, role: "option", tabindex: "-1", "aria-selected": "false",
      });
      if (name !== MORE) link.dataset.icon = name;
      const words = make("span", "search-title"), note = make("span", "search-note");
      words.textContent = hit.title;
      note.textContent = hit.note;
      link.append(icon(name), words, " ", note);
      group.append(link);
    }
    return group;
  }));
  field.setAttribute("aria-expanded", String(number > 0));
  choose(query() ? 0 : -1);
  if (!query()) field.removeAttribute("aria-activedescendant");
}

/** @param {string} title "" when it is not known, without a network */
function showRecent(title) {
  const hits = recentlyOpened();
  show(hits.length ? [{ title, icon: "i-right", hits }] : []);
}

async function ask() {
  clearTimeout(timer);
  asking?.abort();
  const own = new AbortController(), asked = query();
  asking = own;
  try {
    const answer = await fetch(`${finder.href}hasil/?${new URLSearchParams({ q: asked })}`, { signal: own.signal, redirect: "manual" });
    if (!answer.ok) throw new Error(String(answer.status)); // also of the login page, when the session has ended
    const found = await answer.json();
    answered = asked;
    if (asked) show(found.more ? [...found.groups, { title: "", icon: MORE, hits: [found.more] }] : found.groups);
    else showRecent(found.recent);
    status.textContent = found.status;
    hint.textContent = found.hint;
    if (entered && active >= 0) options()[active].click();
    entered = false;
  } catch {
    if (own.signal.aborted) return;
    answered = null;
    if (asked) show([]);
    else showRecent("");
    const { offline, down } = document.getElementById("kept").dataset;
    status.textContent = navigator.onLine ? down : offline;
    hint.textContent = "";
  }
}

/** @param {SubmitEvent} event */
function submitted(event) {
  if (answered === null) return; // the page of the search answers, or says why not
  event.preventDefault();
  if (answered !== query()) {
    entered = true;
    ask();
  } else if (active >= 0) {
    options()[active].click();
  }
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  event.stopPropagation(); // the page has keys of its own
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    field.select();
    return;
  }
  const steps = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!steps || event.target !== field || !options().length) return;
  event.preventDefault();
  choose(active < 0 && steps < 0 ? -1 : active + steps);
}

/** Opens the dialog; the element that had the focus gets it back when it closes. @param {HTMLAnchorElement} link */
export async function openSearch(link) {
  finder = link;
  building ??= build();
  dialog = await building;
  if (dialog.open) return;
  dialog.showModal();
  field.focus();
  field.select();
  ask();
}
