// Pages under /kamera/: what htmx attributes can't express.

const stale = () => document.getElementById("stale");

// Polling pauses while the page is hidden. (htmx's own trigger filters need eval, which the CSP forbids.)
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.elt.getAttribute("hx-trigger")?.includes("every")) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  // After the session has ended the answer is the login page: go there instead of swapping it in.
  const requested = new URL(detail.requestConfig.path, location.href).pathname;
  if (detail.xhr.responseURL && new URL(detail.xhr.responseURL).pathname !== requested) {
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
