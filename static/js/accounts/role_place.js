// Forms of role and place, <form data-role-place>: only the place that the role needs is shown, and in a handover none
// while the old account is blocked. A hidden field is emptied, so that what is sent is what was seen.

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-role-place]"))) {
  /** @type {HTMLElement | null} */
  const moved = form.querySelector("[data-moved]");
  const place = { camat: "kecamatan", lurah: "kelurahan", agency: "agency" };

  /** @param {string} name @returns {HTMLSelectElement} */
  const selectOf = (name) => form.querySelector(`select[name="${name}"]`);

  function show() {
    /** @type {HTMLInputElement | null} */
    const fate = form.querySelector('input[name="old"]:checked');
    if (moved) moved.hidden = fate?.value !== "pindah";
    for (const [role, name] of Object.entries(place)) {
      const select = selectOf(name), wanted = selectOf("role").value === role;
      /** @type {HTMLElement} */ (select.closest(".field")).hidden = !wanted;
      if (!wanted) select.value = "";
    }
  }

  form.addEventListener("change", show);
  show();
}
