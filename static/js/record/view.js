// The record as the phone knows it: what the server has, with what waits to be sent laid over it.
const EDITABLE = ["check", "fact", "talk", "document", "sample"];

export function merged(record, items) {
  const entries = new Map(record.entries.map((e) => [e.uid, { ...e, standing: [...e.standing] }]));
  items.forEach((item) => {
    const entry = entries.get(item.entry) || { uid: item.entry, number: 0, kind: item.kind, prompt: "", standing: [] };
    entries.set(item.entry, entry);
    const known = entry.standing.some((s) => s.uid === item.uid);
    if (known) return;
    entry.standing = entry.standing.filter((s) => !item.on_top_of.includes(s.uid));
    entry.standing.push({ ...item, author: item.author, waiting: true });
  });
  return [...entries.values()];
}

function filled(id, texts) {
  const node = document.getElementById(id).content.firstElementChild.cloneNode(true);
  Object.entries(texts).forEach(([name, text]) => {
    const place = node.querySelector(`[data-say="${name}"]`);
    if (place) place.textContent = text;
    if (place && !text) place.hidden = true;
  });
  return node;
}

function words(root, standing) {
  const say = (name, value) => {
    const option = document.querySelector(`#words [data-word="${name}"][data-value="${value}"]`);
    return option ? option.textContent : value;
  };
  const label = (name) => document.querySelector(`#words [data-label="${name}"]`).textContent;
  return Object.entries(standing.detail).map(([name, value]) => `${label(name)}：${say(name, value)}`).join("；");
}

function version(root, entry, standing, act) {
  const at = new Date(standing.written_at).toLocaleString("zh-CN", { hour12: false });
  const node = filled("version-template", {
    detail: words(root, standing),
    text: standing.text,
    place: standing.place,
    who: `${standing.author} ${at}`,
    hash: standing.sha256 ? `SHA-256 ${standing.sha256.slice(0, 16)}…` : "",
    waiting: standing.waiting ? root.dataset.waiting : "",
    error: standing.error || "",
  });
  node.dataset.uid = standing.uid;
  node.querySelector("[data-adopt]").hidden = entry.standing.length < 2;
  node.querySelector("[data-adopt]").addEventListener("click", () => act.adopt(entry, standing));
  return node;
}

export function draw(root, entries, act, open) {
  root.querySelectorAll("[data-list]").forEach((list) => {
    const kinds = list.dataset.list.split(" ");
    const shown = entries.filter((e) => kinds.includes(e.kind));
    list.replaceChildren(...shown.map((entry) => line(root, entry, act, open)));
    list.nextElementSibling.hidden = shown.length > 0;
  });
  const disputed = entries.filter((e) => e.standing.length > 1).length;
  const notice = root.querySelector("[data-disputed]");
  notice.hidden = disputed === 0;
  notice.querySelector("strong").textContent = disputed;
}

function line(root, entry, act, open) {
  const kind = document.querySelector(`#words [data-kind="${entry.kind}"]`).textContent;
  const node = filled("entry-template", {
    title: entry.prompt || kind,
    basis: [entry.origin, entry.basis].filter(Boolean).join(" · "),
  });
  node.dataset.uid = entry.uid;
  const dispute = entry.standing.length > 1;
  node.classList.toggle("disputed", dispute);
  node.querySelector("[data-dispute]").hidden = !dispute;
  node.querySelector("[data-versions]").append(...entry.standing.map((s) => version(root, entry, s, act)));
  const write = node.querySelector("[data-write]");
  write.hidden = !open || !EDITABLE.includes(entry.kind);
  write.textContent = dispute ? root.dataset.merge : entry.standing.length ? root.dataset.change : root.dataset.fill;
  write.addEventListener("click", () => act.write(entry));
  return node;
}
