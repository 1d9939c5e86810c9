// Runs before the first paint, so that a dark page does not flash white. Not a module: modules run later.
const theme = localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
document.documentElement.classList.add("js");
