/** Where actions wait, in the order in which they were taken: a database of this browser, which outlives the page. */

/** @typedef {import("./outbox.js").Entry} Entry */

const NAME = "geo-service";
const ENTRIES = "outbox";

/** @type {Promise<IDBDatabase> | null} */
let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES, { keyPath: "id" }).createIndex("order", "order");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** @param {IDBTransactionMode} mode @param {(entries: IDBObjectStore) => IDBRequest | void} work @returns {Promise<any>} once it is on disk */
async function run(mode, work) {
  const transaction = (await open()).transaction(ENTRIES, mode, { durability: "strict" });
  const request = work(transaction.objectStore(ENTRIES));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export const store = {
  /** @returns {Promise<Entry[]>} the oldest first */
  all: () => run("readonly", (entries) => entries.index("order").getAll()),
  /** @param {...Entry} some all of them, or none */
  put: (...some) => run("readwrite", (entries) => some.forEach((entry) => entries.put(entry))),
  /** Takes entries out of the queue, and keeps what that means for those behind them, in one step. @param {string[]} ids @param {Entry[]} [behind] */
  replace: (ids, behind = []) =>
    run("readwrite", (entries) => {
      for (const entry of behind) entries.put(entry);
      for (const id of ids) entries.delete(id);
    }),
};
