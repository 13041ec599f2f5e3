// Keeps the record page and its parts, so that it opens without a network. It answers from the network
// first: what is kept is only for when there is none. Data lie in the page's own store, not here.
const KEPT = "carbonwatch-record";
const PAGE = /\/inspections\/\d+\/record\/$/;

const mine = (url) => url.origin === location.origin && (PAGE.test(url.pathname) || url.pathname.startsWith("/static/"));

async function fresh(request) {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(request.url.split("#")[0], answer.clone());
  return answer;
}

async function answer(request) {
  try {
    return await fresh(request);
  } catch (error) {
    const kept = await caches.match(request.url.split("#")[0]);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET" && mine(new URL(event.request.url))) event.respondWith(answer(event.request));
});
self.addEventListener("message", (event) => {
  const urls = (event.data.keep || []).filter((url) => mine(new URL(url)));
  event.waitUntil(Promise.allSettled(urls.map((url) => fresh(new Request(url, { credentials: "same-origin" })))));
});
