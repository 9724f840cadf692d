/** Asks the server "may I repair here?". Stores nothing; a newer question cancels the older one. */
import { get, post, isSuperseded } from "../api.js";
import { notPast, shiftDay } from "../i18n.js";
import { lonLat, pointInside } from "../geometry.js";

/** @typedef {import("../types.js").Section} Section */
/** @typedef {import("../types.js").Advice} Advice */
/** @typedef {import("../state.js").ViewState} ViewState */

/**
 * `besideM`: how far the place lies from the section that stands for it (m); null when it lies on it, or the side was chosen.
 *
 * @typedef {{phase: "empty"} | {phase: "loading", section: Section | null, besideM: number | null} | {phase: "nowhere"}
 *   | {phase: "error", problem: Error}
 *   | {phase: "done", advice: Advice, section: Section, sides: Section[], at: import("../types.js").LonLat, besideM: number | null}} Answer
 */

const DEBOUNCE_MS = 250;
/** A place further than this from the section (a house, the carriageway) stands for the section, not for a hole of its own. */
const BESIDE_M = 1;
const SCOPES = { plek: "spot", vak: "section" };
const URGENCIES = { gewoon: "normal", hinder: "high", gevaar: "danger" };

/**
 * @param {(answer: Answer) => void} deliver
 * @param {() => string} today
 */
export function createAsk(deliver, today) {
  let running = new AbortController();
  let timer = 0;
  /** @type {Section | null} */
  let last = null;

  /** @param {ViewState} now */
  async function run(now) {
    const signal = running.signal;
    try {
      const found = await locate(now, signal);
      if (!found) return deliver({ phase: "nowhere" });
      last = found.section;
      deliver({ phase: "loading", section: found.section, besideM: found.besideM });
      const advice = await post("/advice", question(now, found.at, today()), signal);
      deliver({ phase: "done", advice, ...found, section: { ...found.section, ...advice.section } });
    } catch (error) {
      if (!isSuperseded(error)) deliver({ phase: "error", problem: /** @type {Error} */ (error) });
    }
  }

  /** @param {ViewState} now @param {boolean} [moved] whether the place changed too */
  return function ask(now, moved = true) {
    running.abort();
    running = new AbortController();
    clearTimeout(timer);
    if (!now.toets) return deliver({ phase: "empty" });
    deliver({ phase: "loading", section: moved ? null : last, besideM: null });
    timer = window.setTimeout(() => run(now), DEBOUNCE_MS);
  };
}

/**
 * The section to judge, the others of the same street to choose from, and the position asked about.
 * @param {ViewState} now
 * @param {AbortSignal} signal
 */
async function locate(now, signal) {
  const clicked = lonLat(now.toets);
  const query = clicked ? `at=${clicked.join(",")}` : `code=${encodeURIComponent(now.toets ?? "")}`;
  /** @type {Section[]} */
  const items = (await get(`/pavements?${query}`, signal)).items;
  const nearest = items[0];
  if (!nearest) return null;
  const sides = oncePerSide(items.filter((item) => item.street === nearest.street && item.side));
  const section = sides.find((item) => kant(item) === now.kant) ?? nearest;
  const inside = section.geometry ? pointInside(section.geometry) : clicked;
  const distance = section.distance_m ?? 0;
  const onIt = section === nearest && distance < BESIDE_M;
  const at = clicked && onIt ? clicked : inside;
  const besideM = clicked && section === nearest && !onIt ? distance : null;
  return at ? { section, sides, at, besideM } : null;
}

/** @param {Section[]} sections nearest first */
function oncePerSide(sections) {
  return sections.filter((section, i) => sections.findIndex((other) => other.side === section.side) === i);
}

/** The side of a section as the address says it. @param {Section} section */
export function kant(section) {
  return section.side === "odd" ? "oneven" : section.side === "even" ? "even" : (section.side ?? "");
}

/**
 * @param {ViewState} now
 * @param {import("../types.js").LonLat} at
 * @param {string} today
 */
function question(now, at, today) {
  const startsOn = notPast(now.op, today);
  return {
    geometry: { type: "Point", coordinates: at },
    scope: SCOPES[/** @type {keyof typeof SCOPES} */ (now.omvang)] ?? "section",
    urgency: URGENCIES[/** @type {keyof typeof URGENCIES} */ (now.toestand)] ?? "normal",
    category: "pothole",
    starts_on: startsOn,
    ends_on: shiftDay(startsOn, 1),
  };
}
