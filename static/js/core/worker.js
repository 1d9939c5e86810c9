// The service worker; /sw.js sets RELEASE before this code. Pages come from the network. Only those with the header
// Sidak-Keep (the board) are cached, and are shown with their age when the network fails. The cache belongs to one user:
// the first page for another user, or the login page, clears it.
const { version, hashed, files, board, offline, logout, icon, badge } = self.RELEASE;
const SHELL = `shell-${version}`, KEPT = "kept";
const PATIENCE_MS = 5000, MOST_KEPT = 8, STALE_MS = 120_000;
const HERE = self.location.origin;

self.addEventListener("install", (event) => {
  self.skipWaiting(); // open pages stay as they are: nothing reloads them
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll([...files, offline])));
});

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function takeOver() {
  await self.clients.claim();
  await self.registration.navigationPreload?.enable();
  const kept = await caches.open(KEPT);
  // Pages cached by the previous release refer to its files, which are deleted below.
  const old = (await keptPages()).filter((page) => page.headers.get("Sidak-Release") !== version).map(addressOf);
  await Promise.all(old.map((address) => refresh(address).catch(() => kept.delete(address))));
  for (const name of await caches.keys()) if (name !== SHELL && name !== KEPT) await caches.delete(name);
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== HERE) return;
  if (request.method === "POST" && pathname === logout) event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (files.includes(pathname)) event.respondWith(part(request));
});

/** Answers with a file of the shell. Without hashed names (development) the network's version may be newer. */
async function part(request) {
  const kept = await caches.match(request);
  if (kept && hashed) return kept;
  return kept ? fetch(request).catch(() => kept) : fetch(request);
}

async function page(event) {
  const fresh = fromNetwork(event);
  const own = await keptPage(event.request.url);
  let timer = 0, why = "offline";
  const late = new Promise((resolve) => { timer = setTimeout(resolve, PATIENCE_MS, null); });
  try {
    const answer = await (own ? Promise.race([fresh, late]) : fresh);
    if (answer && ![502, 503, 504].includes(answer.status)) return answer;
    why = answer ? "down" : "slow";
  } catch {
    // no network
  } finally {
    clearTimeout(timer);
  }
  event.waitUntil(fresh.catch(() => {}));
  const instead = own ?? await keptPage(board);
  return instead ? withAge(instead, why) : caches.match(offline);
}

async function fromNetwork(event) {
  const preloaded = await event.preloadResponse;
  const answer = preloaded ?? await fetch(event.request);
  const copy = answer.headers.has("Sidak-Keep") ? answer.clone() : null;
  event.waitUntil(settle(event.request.url, answer, copy));
  return answer;
}

/** Clears the cache of another user, and stores the copy if there is one. Cached addresses have no query string. */
async function settle(address, { headers, ok, redirected }, copy) {
  const user = headers.get("Sidak-For");
  if (user === null) return; // not a page of ours, but a file or a redirect
  const before = await keptPages();
  if (before.some((page) => page.headers.get("Sidak-For") !== user)) await caches.delete(KEPT);
  if (!copy || !ok || redirected) return;
  const marked = new Headers(headers);
  for (const name of ["Content-Encoding", "Content-Length"]) marked.delete(name);
  marked.set("Sidak-Kept", String(Date.now()));
  marked.set("Sidak-Address", pathOf(address));
  marked.set("Sidak-Release", version);
  const kept = await caches.open(KEPT);
  await kept.put(pathOf(address), new Response(await copy.text(), { headers: marked }));
  const [oldest, ...others] = await kept.keys();
  if (others.length >= MOST_KEPT) await kept.delete(oldest);
}

async function refresh(address) {
  const answer = await fetch(address, { redirect: "error" });
  await settle(address, answer, answer.headers.has("Sidak-Keep") ? answer : null);
}

async function keptPages() {
  const kept = await caches.open(KEPT);
  return Promise.all((await kept.keys()).map((request) => kept.match(request)));
}

const addressOf = (page) => page.headers.get("Sidak-Address");

const pathOf = (address) => new URL(address, HERE).pathname;

const keptPage = async (address) => (await caches.open(KEPT)).match(pathOf(address));

/** Adds the attributes from which kept.js shows the age of the page. */
async function withAge(kept, why) {
  const [of, at, since] = [addressOf(kept), kept.headers.get("Sidak-Keep"), kept.headers.get("Sidak-Kept")];
  const marks = `data-kept="${at}" data-kept-since="${since}" data-kept-of="${of}" data-kept-why="${why}"`;
  return new Response((await kept.text()).replace("<html ", `<html ${marks} `), { headers: kept.headers });
}

// Sent by a page that goes to the background, so that its cached copy is about as new as what it showed.
self.addEventListener("message", (event) => {
  if (event.data === "keep") event.waitUntil(keepCurrent(event.source.url));
});

async function keepCurrent(address) {
  const kept = await keptPage(address);
  if (!kept || Date.now() - Number(kept.headers.get("Sidak-Kept")) > STALE_MS) await refresh(address).catch(() => {});
}

self.addEventListener("push", (event) => {
  const notice = parsePush(event.data);
  event.waitUntil(self.registration.showNotification(notice.title ?? "Sidak", {
    body: notice.body ?? "", tag: notice.tag ?? "", renotify: Boolean(notice.tag), icon, badge, data: { url: notice.url ?? board },
  }));
});

/** Returns {} if the push can't be read. It must be shown anyway: browsers revoke subscriptions with silent pushes. */
function parsePush(data) {
  try {
    return data.json();
  } catch {
    return {};
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goTo(event.notification.data.url));
});

/** Focuses a page that is open at this address, or opens a new one. Pages at other addresses may hold unsaved text. */
async function goTo(path) {
  const wanted = new URL(path, HERE);
  const address = wanted.origin === HERE ? wanted.href : HERE + board;
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const same = open.find((client) => client.url === address);
  return same ? same.focus() : self.clients.openWindow(address);
}
