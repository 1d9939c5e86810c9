// The weekly plan: Monday's hours into Tuesday, Wednesday and Thursday. Friday has its own prayer.

const WEEK = ["1", "2", "3"];

document.querySelector("[data-copy]")?.addEventListener("click", () => {
  for (const input of document.querySelectorAll('[data-day="0"] input')) {
    for (const day of WEEK) document.getElementsByName(input.name.replace("d0_", `d${day}_`))[0].value = input.value;
  }
});
