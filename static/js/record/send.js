// Sends what waits, oldest first. Every version carries its own number, so sending it twice is one.
// Nothing leaves the phone before the server has said that it has it.
import { put, remove, waiting } from "./store.js";

const csrf = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || ["", ""])[1];
let sending = null;

function form(item) {
  const body = new FormData();
  ["uid", "entry", "kind", "text", "place", "sha256", "written_at"].forEach((name) => body.append(name, item[name]));
  body.append("detail", JSON.stringify(item.detail));
  body.append("on_top_of", item.on_top_of.join(","));
  if (item.blob) body.append("file", item.blob, item.name);
  return body;
}

async function reason(answer) {
  try {
    const problem = await answer.json();
    return problem.detail || problem.title || String(answer.status);
  } catch (error) {
    return String(answer.status);
  }
}

// "sent", "kept" (the server says no, with the reason), "later" (no network or server), "door".
async function one(item, address) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      body: form(item),
      headers: { "X-CSRFToken": csrf(), "Idempotency-Key": item.uid, Accept: "application/json" },
    });
  } catch (error) {
    return { outcome: "later" };
  }
  if (answer.ok) {
    const record = await answer.json();
    await put("records", record, `${item.user}:${item.inspection}`);
    await remove("outbox", item.uid);
    return { outcome: "sent" };
  }
  if (answer.status === 401 || answer.status === 403) return { outcome: "door" };
  if (answer.status >= 500 || answer.status === 429) return { outcome: "later" };
  await put("outbox", { ...item, error: await reason(answer) });
  return { outcome: "kept" };
}

async function all(user, inspection, address) {
  let outcome = "sent";
  for (const item of await waiting(user, inspection)) {
    outcome = (await one(item, address)).outcome;
    if (outcome === "later" || outcome === "door") break;
  }
  return outcome;
}

export function sendAll(user, inspection, address) {
  sending = sending || all(user, inspection, address).finally(() => (sending = null));
  return sending;
}

export async function fetchRecord(user, inspection, address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return answer.status === 401 || answer.status === 403 ? "door" : "later";
    await put("records", await answer.json(), `${user}:${inspection}`);
    return "sent";
  } catch (error) {
    return "later";
  }
}
