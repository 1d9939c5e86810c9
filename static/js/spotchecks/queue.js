// What was said and is not sent yet, on this phone and in the order in which it was said. Outlives the page.
const NAME = "sidak-queue", STORE = "said";

/**
 * What was done in a round. `id` is given when it is queued.
 * @typedef {{ id?: number, owner?: string, uuid: string, send: string, check: string, kind?: string, said_at: string,
 *   place?: number, mark?: string, text?: string, camera?: string, live?: boolean, picture?: Blob }} Entry
 * @typedef {{ add(entry: Entry): Promise<unknown>, all(): Promise<Entry[]>, remove(id: number): Promise<unknown> }} Store
 */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function database() {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
  return settled(opening);
}

/** A place that forgets with the page, where the browser lends none that stays (private windows of old browsers).
 * @returns {Store} */
function forgetful() {
  let last = 0;
  /** @type {Map<number, Entry>} */
  const kept = new Map();
  return {
    add: async (said) => { kept.set(++last, { ...said, id: last }); },
    all: async () => [...kept.values()],
    remove: async (id) => { kept.delete(id); },
  };
}

/** @param {IDBDatabase} db @returns {Store} */
function lasting(db) {
  /** @param {IDBTransactionMode} mode */
  const store = (mode) => db.transaction(STORE, mode).objectStore(STORE);
  return {
    add: (said) => settled(store("readwrite").add(said)),
    all: () => settled(store("readonly").getAll()), // by id: in order
    remove: (id) => settled(store("readwrite").delete(id)),
  };
}

/** Of one user: another who signs in on the same phone neither sees nor sends it.
 * @param {string} owner @returns {Promise<Store>} */
export async function openQueue(owner) {
  const place = await database().then(lasting).catch(forgetful);
  return {
    add: (said) => place.add({ ...said, owner }),
    all: async () => (await place.all()).filter((said) => said.owner === owner),
    remove: place.remove,
  };
}
