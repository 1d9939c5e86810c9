// Keeps what is typed into long fields, in this tab only, until it has been sent: a session may end in between.

const DRAFT = "draft ", SENT = "sent ";
/** @type {HTMLElement} */
const page = document.getElementById("isi");
const { user = "", unsent = "", restored = "" } = page.dataset;

/** @type {(start: string) => string[]} */
const keysOf = (start) => Object.keys(sessionStorage).filter((key) => key.startsWith(start));

/** @param {HTMLTextAreaElement} field */
function keyOf(field) {
  return `${user} ${location.pathname} ${new URL(field.form.getAttribute("action") ?? "", location.href).pathname} ${field.name}`;
}

/** The long fields of forms that change something. @returns {HTMLTextAreaElement[]} */
function longFields() {
  return [...document.querySelectorAll("textarea")].filter(({ form, name }) => form?.method === "post" && name);
}

/** @param {HTMLTextAreaElement} field */
function restore(field) {
  const draft = sessionStorage.getItem(DRAFT + keyOf(field));
  if (!draft || field.value) return;
  field.value = draft;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  /** @type {HTMLDetailsElement | null} */
  const closed = field.closest("details:not([open])");
  if (closed) closed.open = true;
  const note = document.createElement("p");
  note.className = "small soft";
  note.setAttribute("role", "status");
  note.textContent = restored;
  field.after(note);
}

function settle() {
  for (const key of keysOf(SENT)) {
    // A page that says that nothing was stored: what was sent is a draft again.
    if (unsent) sessionStorage.setItem(DRAFT + key.slice(SENT.length), sessionStorage.getItem(key));
    sessionStorage.removeItem(key);
  }
}

addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLTextAreaElement) || target.form?.method !== "post" || !target.name) return;
  if (target.value) sessionStorage.setItem(DRAFT + keyOf(target), target.value);
  else sessionStorage.removeItem(DRAFT + keyOf(target));
});

addEventListener("submit", ({ target, defaultPrevented }) => {
  if (!(target instanceof HTMLFormElement) || defaultPrevented) return;
  if ("signOut" in target.dataset) {
    for (const key of [...keysOf(DRAFT), ...keysOf(SENT)]) sessionStorage.removeItem(key);
    for (const key of Object.keys(localStorage)) if (key.startsWith("recent ")) localStorage.removeItem(key); // search/recent.js
    return;
  }
  for (const field of longFields().filter(({ form }) => form === target)) {
    sessionStorage.removeItem(DRAFT + keyOf(field));
    if (field.value) sessionStorage.setItem(SENT + keyOf(field), field.value);
  }
});

try {
  settle();
  longFields().forEach(restore);
} catch {
  // Storage is switched off or full: nothing is kept.
}
