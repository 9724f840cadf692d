/** What the server says about itself: city, today, sources and their age. Asked again every minute. */
import { get } from "./api.js";

/** @typedef {import("./types.js").Status} Status */
/** @typedef {ReturnType<typeof createStatus>} StatusSource */

const EVERY_MS = 60_000;

export function createStatus() {
  /** @type {((status: Status | null) => void)[]} */
  const listeners = [];
  /** @type {Status | null} */
  let current = null;

  async function load() {
    try {
      current = await get("/status");
    } catch {
      current = current && { ...current, sources: current.sources.map((source) => ({ ...source, state: "silent" })) };
    }
    for (const listener of listeners) listener(current);
  }

  setInterval(() => document.hidden || load(), EVERY_MS);

  return {
    load,
    get current() {
      return current;
    },
    /** @param {(status: Status | null) => void} listener */
    onChange(listener) {
      listeners.push(listener);
      if (current) listener(current);
    },
    /** True when old data must make a verdict more careful. */
    isStale() {
      return current !== null && current.sources.some(isOld);
    },
  };
}

/**
 * A source that nobody waits for and that never came in is not old: nothing stands on it.
 * @param {import("./types.js").SourceStatus} source
 */
function isOld(source) {
  return source.state === "never" ? source.expected_seconds !== null : source.state !== "fresh";
}
