// What was tapped, kept on this phone: one record a seat, in a database of the person's own, so that whoever signs in
// after them never sees it: { place: "12/345", meeting, seat, mark, at, key, state: waiting|kept|refused, sentence }

const done = (asked) =>
  new Promise((resolve, reject) => {
    asked.onsuccess = asked.oncomplete = () => resolve(asked.result);
    asked.onerror = asked.onabort = () => reject(asked.error);
  });

export async function openTaps(name) {
  const asked = indexedDB.open(name, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("taps", { keyPath: "place" });
  const database = await done(asked);
  database.onversionchange = () => database.close(); // Another tab signs out and clears.

  /** `change(record)` gives what becomes of a record: another, the same, or undefined to forget it. */
  async function change(places, change) {
    const transaction = database.transaction("taps", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("taps");
    for (const place of places) {
      const changed = change(await done(store.get(place)), place);
      if (changed) store.put(changed);
      else store.delete(place);
    }
    await done(transaction);
  }

  return {
    change,
    all: () => done(database.transaction("taps").objectStore("taps").getAll()),
    clear: () => (database.close(), done(indexedDB.deleteDatabase(name))),
  };
}
