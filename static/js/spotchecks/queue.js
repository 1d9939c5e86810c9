// The queue of entries that are not sent yet, in order. It is stored on the phone, so that it survives the page.
// Phones in use have a store of this name.
const NAME = "sidak-queue", STORE = "said";

/**
 * An entry of a round. `id` is assigned when it is queued.
 * @typedef {{ id?: number, owner?: string, uuid: string, send: string, check: string, kind?: string, said_at: string,
 *   place?: number, mark?: string, text?: string, camera?: string, live?: boolean, picture?: Blob }} Entry
 * @typedef {{ add(entry: Entry): Promise<unknown>, all(): Promise<Entry[]>, remove(id: number): Promise<unknown> }} Store
 */

/** Returns the result of a request. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const settled = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

function database() {
  const opening = indexedDB.open(NAME, 1);
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

/** Opens the queue of one user. Another user of the same phone neither sees nor sends its entries.
 * @param {string} owner @returns {Promise<Store>} */
export async function openQueue(owner) {
  const store = await database().then(databaseStore).catch(memoryStore);
  return {
    add: (entry) => store.add({ ...entry, owner }),
    all: async () => (await store.all()).filter((entry) => entry.owner === owner),
    remove: store.remove,
  };
}
