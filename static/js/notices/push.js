// The settings page: whether this browser receives web push, and the buttons to turn it on and off. The permission is
// requested only after a click.

const READY_MS = 10_000;
const box = document.querySelector("[data-push]");
/** @type {HTMLButtonElement} */
const turnOn = box.querySelector("[data-on]");
/** @type {HTMLButtonElement} */
const turnOff = box.querySelector("[data-off]");

function show(state) {
  box.dataset.now = state;
  for (const words of box.querySelectorAll("[data-state]")) words.hidden = words.dataset.state !== state;
  turnOn.hidden = !["off", "failed"].includes(state);
  turnOff.hidden = state !== "on";
  for (const button of [turnOn, turnOff]) button.disabled = false;
}

const onApple = () => /iPhone|iPad/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);
const installed = () => navigator.standalone === true || matchMedia("(display-mode: standalone)").matches;

/** Returns why web push is impossible here (a data-state), or null. */
function obstacle() {
  if (!isSecureContext) return "insecure";
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!able) return onApple() && !installed() ? "home" : "unsupported";
  return Notification.permission === "denied" ? "denied" : null;
}

/** Resolves to the worker's registration; rejects when there is none after READY_MS. */
function ready() {
  const late = new Promise((_, reject) => { setTimeout(() => reject(new Error("no service worker")), READY_MS); });
  return Promise.race([navigator.serviceWorker.ready, late]);
}

/** The SHA-256 in hexadecimal. */
async function fingerprint(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns the list item of this subscription, or null if the server does not have it for this account. */
async function listed(subscription) {
  return subscription && document.querySelector(`[data-endpoint="${await fingerprint(subscription.endpoint)}"]`);
}

function bytes(base64url) {
  const padded = base64url.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (base64url.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

async function subscribe(registration) {
  const options = { userVisibleOnly: true, applicationServerKey: bytes(box.dataset.key) };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    // Subscribed with another key of this server: only a new subscription helps.
    const old = await registration.pushManager.getSubscription();
    if (!old) throw error;
    await old.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

async function post(url, body) {
  /** @type {HTMLInputElement} */
  const { value: token } = box.querySelector("[name=csrfmiddlewaretoken]");
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, "Content-Type": "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
}

turnOn.addEventListener("click", async () => {
  turnOn.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      show(obstacle() ?? "off");
      return;
    }
    const subscription = await subscribe(await ready());
    await post(box.dataset.subscribe, JSON.stringify(subscription));
    location.reload();
  } catch {
    show("failed");
  }
});

turnOff.addEventListener("click", async () => {
  turnOff.disabled = true;
  try {
    const subscription = await (await ready()).pushManager.getSubscription();
    const line = await listed(subscription);
    if (line) await post(/** @type {HTMLFormElement} */ (line.querySelector("[data-revoke]")).action, "");
    await subscription?.unsubscribe();
    location.reload();
  } catch {
    show("failed");
  }
});

async function look() {
  const why = obstacle();
  if (why) return show(why);
  if (Notification.permission !== "granted") return show("off");
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    const line = await listed(await registration?.pushManager.getSubscription());
    if (line) line.querySelector(".mine").hidden = false;
    return show(line ? "on" : "off");
  } catch {
    return show("failed");
  }
}

look();
