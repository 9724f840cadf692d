/**
 * The page without network: its own files, what the service answered last, and tiles. The service answers while it can be reached; else what was
 * kept, with the instant since when (`X-Kept-At`). Served as `/worker.js`, with the files of its version filled in.
 */
const BUILD = /** @type {{version: string, files: string[]}} */ ({ version: "", files: [] });

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELL = `shell-${BUILD.version}`;
/** Answers and tiles belong to who is signed in. */
const KEPT = "kept";
const TILES = "tiles";
const MOST = { [KEPT]: 400, [TILES]: 800 };
/** Entries are counted once in so many. */
const COUNT_EVERY = 40;
const KEPT_AT = "X-Kept-At";
/** Longer than any answer takes; who stands in a cellar does not wait longer for what is at hand. */
const PATIENCE_MS = 8_000;
/** Something in front of the service says that it is not there. */
const NOT_THERE = [502, 503, 504];
const SIGNED_OUT = 401;

const PAGE = "/viewer/page";
const ME = "/api/v1/me";
const ADVICE = "/api/v1/advice";
const SCREENS = /^\/(kaart|afstemming|herstellingen(\/[^/]+)?)?$/;
const FILES = /^\/viewer\/v-/;
const TILE = /^\/ogc\/tiles\//;
/** What may be kept: who reported a defect and their photos may not. */
const ANSWERS = /^\/api\/v1\/(me|status|worklist|pavements|repairs|repairs\/[^/]+|repairs\/[^/]+\/advice)$/;

let puts = 0;
/** How often all was forgotten: an answer that was asked for before is not kept. */
let generation = 0;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === "/logout") event.respondWith(leave(request));
  else if (request.method === "POST" && pathname === ADVICE) event.respondWith(advice(request));
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate" && SCREENS.test(pathname)) event.respondWith(page(request));
  else if (FILES.test(pathname)) event.respondWith(file(request));
  else if (TILE.test(pathname)) event.respondWith(answer(request, TILES, request));
  else if (ANSWERS.test(pathname)) event.respondWith(answer(request, KEPT, request));
});

/** Takes this version whole, or not at all: the service may be upgraded meanwhile. */
async function install() {
  const shell = await fetch(PAGE, { cache: "no-cache" });
  const html = await shell.clone().text();
  if (!shell.ok || !html.includes(`/v-${BUILD.version}/`)) throw new Error("the page is of another version");
  const cache = await caches.open(SHELL);
  await cache.addAll(BUILD.files);
  await cache.put(PAGE, shell);
  await worker.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** A page of now, however slow: code of before an upgrade would not know the service. Without network that of this version. @param {Request} request */
async function page(request) {
  try {
    const response = await fetch(request);
    if (!NOT_THERE.includes(response.status)) return response;
  } catch {
    // nobody answers
  }
  return (await caches.match(PAGE, { cacheName: SHELL })) ?? fetch(request);
}

/** A file of this version; another version is the service's to answer. @param {Request} request */
async function file(request) {
  return (await caches.match(request, { cacheName: SHELL, ignoreSearch: true })) ?? fetch(request); // MapLibre asks with its version
}

/** The same question, kept under its body. @param {Request} request */
async function advice(request) {
  const body = await request.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return answer(request, KEPT, new Request(`${ADVICE}?question=${hex}`, { headers: request.headers }));
}

/** What the service answers; what it answered last when it does not. @param {Request} request @param {keyof typeof MOST} name of the cache @param {Request} key */
async function answer(request, name, key) {
  const since = generation;
  const asked = fetch(request).then((response) => received(response, name, key, since));
  try {
    return await soon(asked);
  } catch {
    const old = await caches.match(key, { cacheName: name });
    return old ?? asked;
  }
}

/** @param {Response} response @param {keyof typeof MOST} name @param {Request} key @param {number} since generation in which it was asked for */
async function received(response, name, key, since) {
  if (NOT_THERE.includes(response.status) && (await caches.match(key, { cacheName: name }))) throw new Error("not there");
  const isMe = new URL(key.url).pathname === ME;
  const isOver = isMe && (response.status === SIGNED_OUT || (response.ok && (await isAnother(key, response.clone()))));
  if (isOver) await forget();
  if (response.ok) await keep(response.clone(), name, key, since + Number(isOver)); // this answer is the first of who is signed in now
  return response;
}

/** Whether somebody else is signed in than when answers were kept; those of nobody were forgotten. @param {Request} key @param {Response} response */
async function isAnother(key, response) {
  const kept = await caches.match(key, { cacheName: KEPT, ignoreVary: true });
  if (!kept) return false;
  const [before, now] = await Promise.all([kept.json(), response.json()]);
  return before.user_id !== now.user_id || before.role !== now.role;
}

/** @param {Response} response @param {keyof typeof MOST} name @param {Request} key @param {number} since */
async function keep(response, name, key, since) {
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.set(KEPT_AT, new Date().toISOString());
  const cache = await caches.open(name);
  const body = await response.blob();
  if (since !== generation) return;
  await cache.put(key, new Response(body, { headers }));
  puts += 1;
  if (puts % COUNT_EVERY) return;
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((old) => cache.delete(old)));
}

/** Nobody reads what was kept for somebody else. */
async function forget() {
  generation += 1;
  await Promise.all([caches.delete(KEPT), caches.delete(TILES)]);
}

/** Forgets again behind the answer: until then the session answers. @param {Request} request */
async function leave(request) {
  await forget();
  try {
    return await fetch(request);
  } finally {
    await forget();
  }
}

/** @template T @param {Promise<T>} asked @returns {Promise<T>} */
async function soon(asked) {
  return Promise.race([asked, new Promise((_, reject) => setTimeout(() => reject(new Error("nobody answers in time")), PATIENCE_MS))]);
}
