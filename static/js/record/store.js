// What is kept on the phone: versions not sent yet (with their pictures), half-written forms, and the
// record as it was last seen. All of it by person: a shared phone shows nobody another's drafts.
const NAME = "carbonwatch-record";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("outbox", { keyPath: "uid" });
      asked.result.createObjectStore("drafts");
      asked.result.createObjectStore("records");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

const database = opened();

async function run(store, mode, act) {
  const work = (await database).transaction(store, mode);
  const asked = act(work.objectStore(store));
  return new Promise((resolve, reject) => {
    work.oncomplete = () => resolve(asked.result);
    work.onerror = work.onabort = () => reject(work.error);
  });
}

export const put = (store, value, key) => run(store, "readwrite", (s) => (key === undefined ? s.put(value) : s.put(value, key)));
export const get = (store, key) => run(store, "readonly", (s) => s.get(key));
export const remove = (store, key) => run(store, "readwrite", (s) => s.delete(key));

export async function waiting(user, inspection) {
  const all = await run("outbox", "readonly", (s) => s.getAll());
  return all
    .filter((one) => one.user === user && one.inspection === inspection)
    .sort((a, b) => a.written_at.localeCompare(b.written_at));
}

export async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
