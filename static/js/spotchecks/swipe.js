// Moving between the offices: by swiping (the browser's scroll snapping), by buttons and by arrow keys.

/** Calls arrived(place) when another stop has settled on the screen. */
export function makeSwipe(list, arrived) {
  const stops = [...list.querySelectorAll(":scope > .stop")];
  let current = 0;

  function settle(index) {
    if (index === current || !stops[index]) return;
    current = index;
    stops.forEach((stop, n) => { stop.inert = n !== index; }); // stops off the screen must not take the focus
    history.replaceState(null, "", `#kantor-${stops[index].dataset.place}`);
    arrived(Number(stops[index].dataset.place));
  }

  function go(index, how = "smooth") {
    const wanted = stops[Math.min(Math.max(index, 0), stops.length - 1)];
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollTo({ left: wanted.offsetLeft - list.offsetLeft, behavior: calm ? "instant" : how });
  }

  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) settle(stops.indexOf(entry.target));
  }, { root: list, threshold: 0.6 });
  for (const stop of stops) watcher.observe(stop);

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.target.closest("input, textarea, select") || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    go(current + step);
  });

  return {
    step: (by) => go(current + by),
    show: (place) => go(stops.findIndex((stop) => Number(stop.dataset.place) === place)),
    start: (place) => {
      const index = Math.max(0, stops.findIndex((stop) => Number(stop.dataset.place) === place));
      current = -1;
      go(index, "instant");
      settle(index);
    },
    place: () => Number(stops[current].dataset.place),
    stop: (place) => stops.find((stop) => Number(stop.dataset.place) === place),
    total: stops.length - 1, // the last one is the summary
  };
}
