/**
 * What a crew does, kept until the service has it: each action with a key of its own, so that nothing is done twice, in the order in which it was
 * taken. What the service refuses waits for the person who took it.
 */
import { Problem, call, connection, get, isUnanswered, session } from "../api.js";
import { differences } from "./differences.js";
import { requestOf } from "./requests.js";
import { store } from "./store.js";
import { uuid } from "./uuid.js";

/** @typedef {"start" | "photo" | "finish" | "make_safe" | "report"} Step */

/**
 * `repair`: its id; `new:…` until a report has reached the service. `version`: of the repair as the person saw it. `fields`: that version itself.
 *
 * @typedef {object} Entry
 * @property {string} id the Idempotency-Key
 * @property {string} person who took it
 * @property {string} at instant
 * @property {number} order of the actions: milliseconds, never the same twice
 * @property {Step} step
 * @property {string} repair
 * @property {string} name of the repair, as people say it
 * @property {number | null} version
 * @property {import("openapi").Repair | null} fields
 * @property {Record<string, unknown>} body
 * @property {Blob | null} photo
 * @property {Refusal | null} refusal
 */

/** `theirs`: the repair as it stands now, where somebody else changed it. @typedef {{status: number, code: string, title: string, reasons: string[], body: any, theirs: import("openapi").Repair | null}} Refusal */
/** @typedef {Pick<Entry, "step" | "repair" | "name" | "version" | "fields" | "body"> & {photo?: Blob | null}} Action */

/** How a repair is called that the service has not seen yet. */
const NEW = "new:";
const LOCK = "geo-service.outbox";
const CHANNEL = "geo-service.outbox";
/** Who taps does not wait longer to hear that it is kept. */
const PATIENCE_MS = 4_000;
const AGAIN_MS = 15_000;
/** The service is there, and asks to come back. */
const LATER = [401, 408, 425, 429];
const CHANGED = 412;
const CHANGED_MEANWHILE = [409, CHANGED];

/** @type {Entry[]} */
let entries = [];
/** @type {((entries: Entry[]) => void)[]} */
const listeners = [];
/** @type {Set<string>} entries for which somebody waits, to hear of a refusal at once */
const attended = new Set();
/** @type {Map<string, any>} answers for who waits */
const answers = new Map();
let person = "";
let last = 0;
/** @type {Promise<unknown>} */
let turn = Promise.resolve();

const channel = new BroadcastChannel(CHANNEL);

/** Whose an action is. @param {import("openapi").Me} me */
export const nameOf = (me) => me.user_id ?? me.name;

/** The name of a repair that does not exist yet. */
export const newRepair = () => `${NEW}${uuid()}`;

export const outbox = {
  /** Those of who is signed in, the oldest first. */
  get entries() {
    return entries.filter((entry) => entry.person === person);
  },
  /** How many wait for somebody else, who used this device before. */
  get foreign() {
    return entries.length - outbox.entries.length;
  },
  /** @param {(entries: Entry[]) => void} listener is called at once, and after every change */
  onChange(listener) {
    listeners.push(listener);
    listener(outbox.entries);
  },
  /** @param {string} name of who is signed in: an action is sent only by who took it */
  async belongTo(name) {
    person = name;
    await read();
    flush();
  },
  take,
  flush,
  /** Takes an action back before it was sent. @param {string} id */
  async drop(id) {
    const entry = entries.find((one) => one.id === id);
    if (entry) await store.replace(withPhotos(entry));
    await read(true);
    flush();
  },
  /** Sends a refused action once more, upon the version that stands now. @param {string} id @param {number | null} version */
  async insist(id, version) {
    const entry = entries.find((one) => one.id === id);
    if (entry) await store.put({ ...entry, version, refusal: null });
    await read(true);
    await flush();
  },
};

/** @param {boolean} [isOurs] this tab changed it: others must read it too */
async function read(isOurs = false) {
  entries = await store.all();
  if (isOurs) channel.postMessage("changed");
  for (const listener of listeners) listener(outbox.entries);
}

/**
 * Keeps an action with what goes with it, and sends them when that can be.
 * @param {Action} action
 * @param {...Action} behind the photos of a report
 * @returns {Promise<{isSent: boolean, answer: any}>} not sent: it is kept. Throws the Problem of a refusal while the person waits; then nothing is kept.
 */
async function take(action, ...behind) {
  if (!person) await outbox.belongTo(nameOf(await get("/me"))); // what is of nobody would never be sent
  const entry = entryOf(action);
  attended.add(entry.id);
  await store.put(entry, ...behind.map(entryOf));
  await read(true);
  const wasDown = connection.downSince !== null || !navigator.onLine;
  const sending = flush();
  await Promise.race([sending, new Promise((resolve) => setTimeout(resolve, wasDown ? 0 : PATIENCE_MS))]);
  attended.delete(entry.id);
  const left = entries.find((one) => one.id === entry.id);
  const answer = answers.get(entry.id) ?? null;
  answers.delete(entry.id);
  if (!left) return { isSent: true, answer };
  if (!left.refusal || left.refusal.status === CHANGED) return { isSent: false, answer: null }; // of both versions the person chooses one
  await store.replace(withPhotos(left));
  await read(true);
  const { status, code, title, reasons, body } = left.refusal;
  throw Object.assign(new Problem(status, code, title, reasons), { body });
}

/** The ids of an action, and of the photos that are nothing without it. @param {Entry} entry */
function withPhotos(entry) {
  const own = entries.filter((other) => entry.step === "report" && other.repair === entry.repair);
  return [entry.id, ...own.map((other) => other.id)];
}

/** @param {Action} action @returns {Entry} */
function entryOf(action) {
  last = Math.max(Date.now(), last + 1);
  return { photo: null, ...action, id: uuid(), person, at: new Date(last).toISOString(), order: last, refusal: null };
}

/** Sends what can be sent. One tab at a time; without locks (plain http) one after the other in each tab, and the keys keep it from being done twice. */
async function flush() {
  if (!person) return;
  if (navigator.locks) await navigator.locks.request(LOCK, sendAll);
  else await (turn = turn.then(sendAll, sendAll));
}

async function sendAll() {
  if (!(await next()) || !(await isStillHere())) return;
  for (let entry = await next(); entry; entry = await next()) {
    if (!(await send(entry))) return;
  }
}

/** Whether nobody else has signed in meanwhile, in another tab: an action is of who took it. */
async function isStillHere() {
  try {
    return nameOf(await get("/me")) === person;
  } catch {
    return false;
  }
}

/** The oldest that waits; behind a refused action of the same repair nothing goes. */
async function next() {
  entries = await store.all();
  const own = outbox.entries;
  return own.find((entry, i) => !entry.refusal && !own.slice(0, i).some((one) => one.refusal && one.repair === entry.repair));
}

/** @param {Entry} entry @returns {Promise<boolean>} whether the next may be tried */
async function send(entry) {
  const { path, request } = requestOf(entry);
  try {
    const response = await call(path, request);
    const answer = await response.json();
    if (attended.has(entry.id)) answers.set(entry.id, answer);
    await store.replace([entry.id], behind(entry, answer));
  } catch (error) {
    if (!(error instanceof Problem) || isUnanswered(error) || LATER.includes(error.status)) return false;
    try {
      await store.put(await refused(entry, error));
    } catch {
      return false; // the line broke again
    }
  }
  await read(true);
  return true;
}

/**
 * An action with its refusal. A repair that only got another version, as its works were judged again, is no reason: it is sent upon that version.
 * @param {Entry} entry @param {Problem} problem
 */
async function refused(entry, problem) {
  const { status, code, message: title, reasons, body } = problem;
  const theirs = CHANGED_MEANWHILE.includes(status) && !entry.repair.startsWith(NEW) ? await get(`/repairs/${entry.repair}`) : null;
  const isSame = status === CHANGED && theirs && entry.fields && theirs.version !== entry.version && differences(entry.fields, theirs).length === 0;
  if (isSame) return { ...entry, version: theirs.version };
  return { ...entry, refusal: { status, code, title, reasons, body, theirs } };
}

/** The actions behind one that was done, upon the version that it left; those with a new report get its id. @param {Entry} sent @param {any} answer */
function behind(sent, answer) {
  const version = answer.version ?? null;
  if (version === null) return [];
  return entries
    .filter((entry) => entry.id !== sent.id && entry.repair === sent.repair && !entry.refusal)
    .map((entry) => ({ ...entry, repair: answer.id ?? entry.repair, version }));
}

channel.onmessage = () => read();
connection.onChange(() => connection.downSince === null && flush());
session.onChange(() => !session.isOver && flush());
addEventListener("online", flush);
setInterval(() => !session.isOver && outbox.entries.some((entry) => !entry.refusal) && flush(), AGAIN_MS);
