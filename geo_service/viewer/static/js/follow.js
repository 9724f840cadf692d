/**
 * Reads again what others may change: when the service says that facts changed, when the page comes back into view, and every few seconds
 * without a connection for events.
 */
import { news } from "./news.js";

const ASK_MS = 5_000;
/** A day may begin. */
const CALM_MS = 60_000;
/** An import changes facts many times: once in this time is enough. */
const GATHER_MS = 1_000;
/** Not all browsers in one instant. */
const SPREAD_MS = 250;

/** @type {(() => unknown)[]} */
const readers = [];
let askedAt = Date.now();
let timer = 0;
let isReading = false;
let byItself = false;
/** Facts changed while they were read. */
let isBehind = false;

/** Whether the page asks this by itself, and not because of a person: it keeps nobody signed in. */
export const isByItself = () => byItself;

/** @param {() => unknown} again reads what is shown once more; what it returns is awaited */
export function follow(again) {
  readers.push(again);
}

/** Why something on the screen could not be read again. @type {Error | null} */
let refusal = null;
/** That of the round that goes on. @type {Error | null} */
let refusalOfRound = null;
/** @type {(() => void)[]} */
const doubters = [];

/** @param {Error | null} next */
function settle(next) {
  if (next?.message === refusal?.message) return;
  refusal = next;
  for (const doubter of doubters) doubter();
}

/** Whether all that is on the screen could be read again. */
export const reread = {
  get refusal() {
    return refusal;
  },
  /** @param {() => void} doubter is called when something could not be read again, and when all could */
  onChange(doubter) {
    doubters.push(doubter);
  },
};

/** What stands on the screen could not be read again: it stays, and `reread` tells why. @param {unknown} error */
export function notReread(error) {
  refusalOfRound = /** @type {Error} */ (error);
  settle(refusalOfRound);
}

/** @param {boolean} [isAlone] no person did anything */
async function ask(isAlone = true) {
  if (document.hidden) return;
  if (isReading) {
    isBehind = true;
    return;
  }
  askedAt = Date.now();
  isReading = true;
  refusalOfRound = null;
  byItself = isAlone;
  await Promise.allSettled(readers.map(async (reader) => reader()));
  isReading = byItself = false;
  settle(refusalOfRound);
  if (isBehind) soon();
  isBehind = false;
}

function soon() {
  if (timer) return;
  const wait = Math.max(0, askedAt + GATHER_MS - Date.now());
  timer = window.setTimeout(() => {
    timer = 0;
    ask();
  }, wait + Math.random() * SPREAD_MS);
}

/** Begins to follow. */
export function startFollowing() {
  news.onChange(soon);
  setInterval(() => Date.now() - askedAt >= (news.isLive ? CALM_MS : ASK_MS) && ask(), ASK_MS);
  document.addEventListener("visibilitychange", () => ask(false));
  addEventListener("online", () => ask());
}
