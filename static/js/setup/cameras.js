// Pages under /kamera/: what htmx can't say by itself.

const stale = () => document.getElementById("stale");

// What asks by itself rests while nobody looks. (htmx's own way to say so needs eval, which the page's policy forbids.)
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.getAttribute("hx-trigger")?.includes("every")) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // A session that ended answers with the login page: go there instead of showing it inside this one.
  const asked = new URL(detail.requestConfig.path, location.href).pathname;
  if (detail.xhr.responseURL && new URL(detail.xhr.responseURL).pathname !== asked) {
    detail.shouldSwap = false;
    location.reload();
  }
});

for (const event of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(event, ({ target }) => {
    if (stale()) stale().hidden = false;
    const failed = target.closest?.(".editor, .two")?.querySelector("[data-failed]");
    if (failed) failed.hidden = false;
  });
}
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.successful) return;
  if (stale()) stale().hidden = true;
  for (const failed of document.querySelectorAll("[data-failed]")) failed.hidden = true;
});
