/** What the server says about itself: city, today, sources and their age. Asked again every minute, and every few seconds while it does not answer. */
import { connection, get, isSuperseded, isUnanswered, keptAt, session } from "./api.js";
import { reread } from "./follow.js";
import { daysBetween, shiftDay } from "./i18n.js";

/** @typedef {import("openapi").StatusOfAll} Status */
/** @typedef {ReturnType<typeof createStatus>} StatusSource */

const EVERY_MS = 60_000;
const WHILE_DOWN_MS = 3_000;

export function createStatus() {
  /** @type {((status: Status | null) => void)[]} */
  const listeners = [];
  /** @type {Status | null} */
  let current = null;

  let askedAt = 0;
  let isAnswered = () => {};
  /** @type {Promise<void>} */
  const first = new Promise((resolve) => (isAnswered = resolve));

  async function load() {
    askedAt = Date.now();
    try {
      current = ofToday(await get("/status"));
    } catch {
      // what was known stays; that nobody answers is told by `connection`
    }
    isAnswered();
    tell();
  }

  function tell() {
    for (const listener of listeners) listener(current);
  }

  /** What is due: at once when the page comes back into view or the network does. */
  function look() {
    const every = connection.downSince ? WHILE_DOWN_MS : EVERY_MS;
    if (!document.hidden && Date.now() - askedAt >= every) load();
  }

  setInterval(look, WHILE_DOWN_MS);
  addEventListener("online", () => load());
  addEventListener("offline", () => load());
  document.addEventListener("visibilitychange", look);
  connection.onChange(() => (connection.downSince ? tell() : load()));
  session.onChange(tell);
  reread.onChange(tell);

  return {
    load,
    /** Settled once the service said what day it is, or did not answer. */
    first,
    get current() {
      return current;
    },
    /** @param {(status: Status | null) => void} listener */
    onChange(listener) {
      listeners.push(listener);
      if (current) listener(current);
    },
    /** Why something on the screen is older than it looks; null when nothing is. */
    get refusal() {
      const error = reread.refusal;
      return error && !session.isOver && !isUnanswered(error) && !isSuperseded(error) ? error : null;
    },
    /** Whether old data or a silent or refusing service must make a verdict more careful. */
    isStale() {
      return connection.downSince !== null || session.isOver || this.refusal !== null || (current !== null && current.sources.some(isOld));
    },
  };
}

/** What this device kept is of an earlier day; today goes on. @param {Status} status */
function ofToday(status) {
  const since = keptAt(status);
  return since ? { ...status, today: shiftDay(status.today, daysBetween(since, new Date().toISOString())) } : status;
}

/**
 * A source that nobody waits for and that never came in is not old: nothing stands on it.
 * @param {import("openapi").Source} source
 */
function isOld(source) {
  return source.state === "never" ? source.expected_seconds !== null : source.state !== "fresh";
}
