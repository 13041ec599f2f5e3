// The on-site record on a phone: writes into the phone first, sends when there is a network.
import { get, put, remove, sha256, waiting } from "./store.js";
import { fetchRecord, sendAll } from "./send.js";
import { draw, merged } from "./view.js";
import { drawable } from "./signing.js";

const root = document.getElementById("record");
const dialog = document.getElementById("entry-dialog");
const user = document.body.dataset.user;
const { inspection, address, author } = root.dataset;
const place = { said: "" };
const OWN_FIELDS = ["text", "place"];

async function show(outcome) {
  const record = (await get("records", `${user}:${inspection}`)) || { open: false, entries: [] };
  const items = await waiting(user, inspection);
  draw(root, merged(record, items), { write, adopt }, record.open);
  root.querySelectorAll("[data-add]").forEach((button) => (button.disabled = !record.open));
  const line = root.querySelector("[data-state]");
  const refused = items.some((item) => item.error);
  const state = outcome === "door" ? "door" : refused ? "refused" : outcome === "later" || !navigator.onLine ? "offline" : "sent";
  line.textContent = root.dataset[`state${state[0].toUpperCase()}${state.slice(1)}`];
  line.dataset.state = state;
  root.querySelector("[data-door]").hidden = state !== "door";
  root.querySelector("[data-count]").textContent = items.length;
}

async function exchange() {
  let outcome = await sendAll(user, inspection, address);
  if (outcome === "sent" || outcome === "kept") outcome = await fetchRecord(user, inspection, address);
  await show(outcome);
}

async function keep(entry, kind, facts, onTopOf, blob) {
  const item = {
    uid: crypto.randomUUID(),
    user,
    author,
    inspection,
    entry: entry || crypto.randomUUID(),
    kind,
    text: facts.text || "",
    place: facts.place || "",
    detail: Object.fromEntries(Object.entries(facts).filter(([name, value]) => value && !OWN_FIELDS.includes(name))),
    written_at: new Date().toISOString(),
    on_top_of: onTopOf,
    sha256: blob ? await sha256(blob) : "",
    blob,
    name: blob ? blob.name || `${kind}.png` : "",
  };
  await put("outbox", item);
  await show();
  exchange();
}

const adopt = (entry, chosen) =>
  keep(entry.uid, entry.kind, { ...chosen.detail, text: chosen.text, place: chosen.place }, entry.standing.map((s) => s.uid));

function values(form) {
  return Object.fromEntries(Array.from(new FormData(form)).filter(([, value]) => typeof value === "string"));
}

function fill(form, facts) {
  Object.entries(facts).forEach(([name, value]) => {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  });
}

function standingFacts(entry) {
  const last = entry.standing[entry.standing.length - 1];
  if (!last) return {};
  const texts = entry.standing.map((s) => s.text).filter(Boolean);
  return { ...last.detail, text: texts.join("\n"), place: last.place };
}

const write = (entry) => open(entry.kind, entry);

async function open(kind, entry) {
  const form = document.getElementById(`form-${kind}`).content.firstElementChild.cloneNode(true);
  const draftKey = `${user}:${inspection}:${entry ? entry.uid : kind}`;
  fill(form, { place: place.said, ...(entry ? standingFacts(entry) : {}), ...((await get("drafts", draftKey)) || {}) });
  const canvas = form.querySelector("canvas");
  const signature = canvas && drawable(canvas);
  if (signature) form.querySelector("[data-clear]").addEventListener("click", signature.clear);
  form.addEventListener("input", () => put("drafts", values(form), draftKey));
  form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const files = form.querySelector("input[type=file]");
    const blobs = signature ? [await signature.taken()] : files ? Array.from(files.files) : [null];
    const missing = form.querySelector("[data-missing]");
    if (missing && (!blobs.length || !blobs[0])) {
      missing.hidden = false;
      return;
    }
    const facts = values(form);
    place.said = facts.place || place.said;
    for (const blob of blobs) {
      await keep(entry ? entry.uid : "", kind, facts, entry ? entry.standing.map((s) => s.uid) : [], blob);
    }
    await remove("drafts", draftKey);
    dialog.close();
  });
  dialog.replaceChildren(form);
  dialog.showModal();
}

// Where there is a fix, the place of photos is filled in by itself and can be corrected.
function locate() {
  if (!navigator.geolocation || !window.matchMedia("(pointer: coarse)").matches) return;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => (place.said = place.said || `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)}`),
    () => {}
  );
}

// The page itself is kept too, so that it can be opened again without a network.
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
  const { active } = await navigator.serviceWorker.ready;
  const parts = performance.getEntriesByType("resource").map((e) => e.name).filter((url) => url.includes("/static/"));
  active.postMessage({ keep: [location.href.split("#")[0], ...parts] });
}

root.querySelectorAll("[data-add]").forEach((button) => button.addEventListener("click", () => open(button.dataset.add)));
window.addEventListener("online", exchange);
window.addEventListener("offline", () => show("later"));
root.querySelector("[data-send]").addEventListener("click", exchange);
setInterval(exchange, 20000);
navigator.storage?.persist?.();
await show();
locate();
exchange();
keepPage();
