// Forms that need a passkey: <form data-passkey="get" | "create">, hidden where the browser has none. The options come
// from the page (#passkey-options) or from the address in data-options; the answer goes back in the field `credential`.

const supported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON && isSecureContext);

/** @param {HTMLFormElement} form
 * @returns {Promise<{ publicKey: any }>} */
async function optionsOf(form) {
  const address = form.dataset.options;
  if (!address) return JSON.parse(form.querySelector("#passkey-options").textContent);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options;
}

/** @param {HTMLFormElement} form
 * @returns {Promise<PublicKeyCredential>} */
async function ask(form) {
  const { publicKey } = await optionsOf(form);
  if (form.dataset.passkey === "get") {
    const request = { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) };
    return /** @type {Promise<PublicKeyCredential>} */ (navigator.credentials.get(request));
  }
  // One that signs in without a name: the device asks for a finger, a face or its code.
  const selection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true };
  const wanted = { ...publicKey, authenticatorSelection: { ...selection, userVerification: "required" } };
  const creation = { publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wanted) };
  return /** @type {Promise<PublicKeyCredential>} */ (navigator.credentials.create(creation));
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-passkey]"))) {
  form.hidden = !supported;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    /** @type {HTMLElement} */
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      /** @type {HTMLInputElement} */
      const field = form.querySelector("[name=credential]");
      field.value = JSON.stringify((await ask(form)).toJSON());
      form.submit();
    } catch {
      failed.hidden = false; // refused by the person, or by the device
    }
  });
}
for (const words of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-no-passkey]"))) {
  words.hidden = supported;
}
