// Runs before the first paint, so that a dark wall never flashes white. Not a module: modules come later.
const theme = localStorage.getItem("theme");
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
document.documentElement.classList.add("js");
