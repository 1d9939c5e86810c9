// The weekly plan: copies Monday's hours to Tuesday, Wednesday and Thursday. Friday differs, because of its prayer.

const WEEK = ["1", "2", "3"];

document.querySelector("[data-copy]")?.addEventListener("click", () => {
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('[data-day="0"] input'))) {
    for (const day of WEEK) {
      /** @type {HTMLInputElement} */
      const other = document.querySelector(`[name="${input.name.replace("d0_", `d${day}_`)}"]`);
      other.value = input.value;
    }
  }
});
