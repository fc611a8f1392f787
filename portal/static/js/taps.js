// Taps on this phone, one a seat, in a database of each person's own:
// { place: "12/345", meeting, seat, mark, at, key, state: open|waiting|kept|refused, sentence }

const done = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = asked.oncomplete = () => resolve(asked.result);
    asked.onerror = asked.onabort = () => reject(asked.error);
  });

export async function openTaps(name) {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "place" });
  const database = await done(asked);
  database.onversionchange = () => database.close(); // Another tab signs out.

  return {
    async change(records, become) {
      const transaction = database.transaction("taps", "readwrite", { durability: "strict" });
      const store = transaction.objectStore("taps");
      for (const record of records) {
        const changed = become(await done(store.get(record.place)), record);
        if (changed) store.put(changed);
        else store.delete(record.place);
      }
      await done(transaction);
    },
    all: () => done(database.transaction("taps").objectStore("taps").getAll()),
    clear: () => (database.close(), done(indexedDB.deleteDatabase(name))),
  };
}
