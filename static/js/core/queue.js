// Queues of entries that are not sent yet, in order. They are stored on the phone, so that they survive the page.
const STORE = "said"; // phones in use have a store of this name

/**
 * An entry. `id` is assigned when it is queued.
 * @typedef {{ id?: number, owner?: string, [name: string]: any }} Entry
 * @typedef {{ add(entry: Entry): Promise<unknown>, all(): Promise<Entry[]>, remove(id: number): Promise<unknown> }} Store
 */

/** Returns the result of a request. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** @param {string} name */
function database(name) {
  const opening = indexedDB.open(name, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
  return settled(opening);
}

/** Returns a store in memory, for browsers without IndexedDB (private windows of old ones). It is lost with the page.
 * @returns {Store} */
function memoryStore() {
  let last = 0;
  /** @type {Map<number, Entry>} */
  const kept = new Map();
  return {
    add: async (entry) => { kept.set(++last, { ...entry, id: last }); },
    all: async () => [...kept.values()],
    remove: async (id) => { kept.delete(id); },
  };
}

/** Returns a store in IndexedDB. @param {IDBDatabase} db @returns {Store} */
function databaseStore(db) {
  /** @param {IDBTransactionMode} mode */
  const store = (mode) => db.transaction(STORE, mode).objectStore(STORE);
  return {
    add: (entry) => settled(store("readwrite").add(entry)),
    all: () => settled(store("readonly").getAll()), // sorted by id, so in order
    remove: (id) => settled(store("readwrite").delete(id)),
  };
}

/** Opens one user's queue of this name. Another user of the same phone neither sees nor sends its entries.
 * @param {string} name @param {string} owner @returns {Promise<Store>} */
export async function openQueue(name, owner) {
  const store = await database(name).then(databaseStore).catch(memoryStore);
  return {
    add: (entry) => store.add({ ...entry, owner }),
    all: async () => (await store.all()).filter((entry) => entry.owner === owner),
    remove: store.remove,
  };
}

/** @param {number} digit */
const randomised = (digit) => (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16);

/** Returns a new key of an entry. */
export const uuid = () => crypto.randomUUID?.() // without TLS there is none
  ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => randomised(Number(digit)));
