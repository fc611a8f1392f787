// Keeps a trainer's pages on the phone, so that they open without a network, apart for each person.

const KEPT = /^(\/en)?\/(trainer|bijeenkomsten\/\d+\/presentie)$/;
const WEEK = 7 * 24 * 3600 * 1000;
const SORRY = `<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Geen bereik</title><h1>Geen bereik</h1><a href="/trainer">Vandaag</a> <a href="/en/trainer" lang="en">Today</a>`;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
// Who signs out clears the phone; a page that is still on its way is not kept after that.
let leftAt = 0;
addEventListener("message", ({ data }) => {
  leftAt = Date.now();
  caches.delete(`pages-${data.leaves}`);
});
addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(piece(event.request));
  else if (event.request.mode === "navigate" || KEPT.test(pathname)) event.respondWith(page(event, pathname));
});

async function piece(request) {
  const cache = await caches.open("static");
  const kept = await cache.match(request);
  if (kept && request.url.includes("?v=")) return kept; // Its address changes with its contents.
  const fresh = await fetch(request).catch(() => Response.error());
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh.ok ? fresh : (kept ?? fresh);
}

async function page(event, path) {
  const began = Date.now();
  const who = await caches.open("who");
  const before = await (await who.match("/"))?.text();
  let fresh;
  try {
    // A network that does not answer is none, nor one to a server that is down.
    const impatient = KEPT.test(path) && new Promise((_, none) => setTimeout(none, 5000));
    fresh = await Promise.race([fetch(event.request), impatient].filter(Boolean));
    if (fresh.status < 500) {
      event.waitUntil(keep(fresh.clone()));
      return fresh;
    }
  } catch {}
  const kept = before && (await (await caches.open(`pages-${before}`)).match(path));
  const old = kept && Date.now() - Date.parse(kept.headers.get("Date")) > WEEK;
  return kept && !old ? kept : (fresh ?? new Response(SORRY, { status: 503, headers: { "Content-Type": "text/html" } }));

  async function keep(fresh) {
    const person = fresh.headers.get("Leerkring-Person");
    if (!person || began <= leftAt) return;
    if (before !== person) {
      await caches.delete(`pages-${before}`);
      await who.put("/", new Response(person));
    }
    const pages = await caches.open(`pages-${person}`);
    if (fresh.ok && fresh.headers.get("Leerkring-Keep")) await pages.put(path, fresh);
    else await pages.delete(path);
    if (began <= leftAt) await caches.delete(`pages-${person}`);
  }
}
