/**
 * Asks the server "may I repair here?", and again when facts change. Stores nothing; a newer question cancels the older one. Danger needs no
 * answer: it is made safe.
 */
import { follow, notReread } from "../../follow.js";
import { Problem, get, isSuperseded, isUnanswered, post } from "../../api.js";
import { notPast, shiftDay, t } from "../../i18n.js";
import { lonLat, pointInside } from "../../geometry.js";
import { isDrawn, isGround } from "../../place.js";

/** @typedef {import("../../place.js").Section} Section */
/** @typedef {import("openapi").AskedAdvice} Advice */
/** @typedef {import("../../geometry.js").LonLat} LonLat */
/** @typedef {import("../../address.js").ViewState} ViewState */

/**
 * `besideM`: metres from the place to its section; null when it lies on it, or a person chose the side. `stretch`: the ground between two house
 * numbers; `note` names the numbers that do not exist.
 *
 * @typedef {{section: Section, sides: Section[], at: LonLat, besideM: number | null, stretch?: import("openapi").Geometry, note?: string}} Place
 */

/**
 * `safe`: danger without an answer; `reason` says why none will come. `changedAt`: when the answer changed.
 *
 * @typedef {{phase: "empty"} | {phase: "nowhere", reason?: string} | {phase: "loading" | "safe", section: Section | null, besideM: number | null, reason?: string}
 *   | {phase: "error", problem: Error, section: Section | null, besideM: number | null}
 *   | (Place & {phase: "done", advice: Advice, changedAt: Date | null})} Answer
 */

const DEBOUNCE_MS = 250;
/** Who stands beside a hole that is dangerous does not wait longer than this. */
const DANGER_WAITS_MS = 2_000;
/** So long may the service take to say what day it is. */
const DAY_WAITS_MS = 3_000;
/** The service knows no such houses. */
const UNREADABLE = 422;
/** A place further from the section (a house, the carriageway) means the section, not a hole. */
const BESIDE_M = 1;

/**
 * @param {(answer: Answer) => void} deliver
 * @param {() => string} today
 * @param {Promise<void>} day settled when `today` is the day of the service, whatever the clock of this device says
 */
export function createAsk(deliver, today, day) {
  let running = new AbortController();
  let timer = 0;
  /** @type {{key: string, place: Place} | null} the place of the last question: only what is asked of it may have changed */
  let last = null;
  /** @type {ViewState | null} what stands on the screen, to be asked again */
  let standing = null;
  /** Facts changed while the answer was on its way. */
  let isBehind = false;
  /** @type {Answer} */
  let current = { phase: "empty" };

  /** @param {Answer} answer */
  function show(answer) {
    current = answer;
    deliver(answer);
  }

  /** @param {ViewState} now @param {AbortSignal} signal @returns {Promise<Place | null>} */
  async function placeOf(now, signal) {
    if (last?.key === keyOf(now)) return last.place;
    const place = await (isGround(now.place) ? locateGround(now, signal) : locate(now, signal));
    if (place) last = { key: keyOf(now), place };
    return place;
  }

  /** @param {ViewState} now @param {Place} place @param {AbortSignal} signal */
  async function answer(now, place, signal) {
    const advice = await post("/advice", question(now, place, today()), signal);
    return { phase: /** @type {const} */ ("done"), advice, ...place, section: place.stretch ? place.section : { ...place.section, ...advice.section }, changedAt: null };
  }

  /** No footpath is known there: danger is made safe all the same. @param {ViewState} now @param {string} [reason] */
  function showNowhere({ urgency }, reason) {
    show(urgency === "danger" ? { phase: "safe", section: null, besideM: null, reason: reason ?? t("check.nowhere") } : { phase: "nowhere", reason });
  }

  /** @param {ViewState} now */
  async function run(now) {
    const signal = running.signal;
    const danger = now.urgency === "danger";
    const lastPlace = () => (last?.key === keyOf(now) ? { section: last.place.section, besideM: last.place.besideM } : { section: null, besideM: null });
    let worthAgain = true;
    const patience = danger ? window.setTimeout(() => show({ phase: "safe", ...lastPlace() }), DANGER_WAITS_MS) : 0;
    signal.addEventListener("abort", () => clearTimeout(patience));
    try {
      const dayOrLate = Promise.race([day, new Promise((late) => setTimeout(late, DAY_WAITS_MS))]);
      const [place] = await Promise.all([placeOf(now, signal), dayOrLate]);
      signal.throwIfAborted();
      worthAgain = place !== null;
      if (!place) return showNowhere(now);
      if (current.phase === "loading") show({ phase: "loading", ...lastPlace() });
      show(await answer(now, place, signal));
    } catch (error) {
      if (isSuperseded(error)) return;
      worthAgain = danger || isUnanswered(error);
      if (error instanceof Problem && error.status === UNREADABLE && isGround(now.place)) return showNowhere(now, error.reasons[0]);
      show(danger ? { phase: "safe", ...lastPlace() } : { phase: "error", problem: /** @type {Error} */ (error), ...lastPlace() });
    } finally {
      clearTimeout(patience);
      if (!signal.aborted && worthAgain) {
        standing = now;
        if (isBehind) again();
      }
    }
  }

  /** The same question once more, without a word unless the answer is another one. */
  async function again() {
    const now = standing;
    isBehind = !now;
    if (!now) return;
    const signal = running.signal;
    standing = null;
    try {
      const place = await placeOf(now, signal);
      const next = place && (await answer(now, place, signal));
      if (next && current.phase !== "done") show(next);
      else if (next && current.phase === "done") show(same(next.advice, current.advice) ? { ...current, advice: next.advice } : { ...next, changedAt: new Date() });
    } catch (error) {
      if (!isSuperseded(error)) notReread(error); // and is provisional from now on
    } finally {
      if (!signal.aborted) standing = now;
    }
  }

  follow(again);

  /** @param {ViewState} now */
  return function ask(now) {
    running.abort();
    running = new AbortController();
    clearTimeout(timer);
    standing = null;
    if (!now.place) return show({ phase: "empty" });
    const place = last?.key === keyOf(now) ? last.place : null;
    show({ phase: "loading", section: place?.section ?? null, besideM: place?.besideM ?? null });
    timer = window.setTimeout(() => run(now), DEBOUNCE_MS);
  };
}

/** @param {ViewState} now */
const keyOf = (now) => `${now.place} ${now.side ?? ""}`;

/** Whether two answers say the same, whenever they were given. @param {Advice} one @param {Advice} other */
function same(one, other) {
  const content = (/** @type {Advice} */ advice) => JSON.stringify({ ...advice, computed_at: null, data_age_seconds: null });
  return content(one) === content(other);
}

/**
 * The section to judge, the others of the same street to choose from, and the position asked about.
 * @param {ViewState} now
 * @param {AbortSignal} signal
 * @returns {Promise<Place | null>}
 */
async function locate(now, signal) {
  const clicked = lonLat(now.place);
  const query = clicked ? `at=${clicked.join(",")}` : `code=${encodeURIComponent(now.place ?? "")}`;
  /** @type {import("openapi").Pavement[]} */
  const items = (await get(`/pavements?${query}`, signal)).items;
  const nearest = items[0];
  if (!nearest) return null;
  const sides = oncePerSide(items.filter((item) => item.street === nearest.street && item.side));
  const section = sides.find((item) => item.side === now.side) ?? nearest;
  const inside = section.geometry ? pointInside(section.geometry) : clicked;
  const distance = section.distance_m ?? 0;
  const onIt = section === nearest && distance < BESIDE_M;
  const at = clicked && onIt ? clicked : inside;
  const besideM = clicked && section === nearest && !onIt ? distance : null;
  return at ? { section, sides, at, besideM } : null;
}

/** @param {ViewState} now @param {AbortSignal} signal @returns {Promise<Place>} */
async function locateGround(now, signal) {
  const { locate } = await (isDrawn(now.place) ? import("../../drawn.js") : import("./stretch.js"));
  return locate(now, signal);
}

/** @template {Section} T @param {T[]} sections nearest first */
function oncePerSide(sections) {
  return sections.filter((section, i) => sections.findIndex((other) => other.side === section.side) === i);
}

/**
 * @param {ViewState} now
 * @param {Place} place
 * @param {string} today
 */
function question(now, place, today) {
  const startsOn = notPast(now.day, today);
  return {
    geometry: groundOf(place),
    scope: scopeOf(now),
    urgency: now.urgency ?? "normal",
    category: "pothole",
    starts_on: startsOn,
    ends_on: shiftDay(startsOn, 1),
  };
}

/** What is asked about, and reported: the stretch, or the place itself. @param {Pick<Place, "at" | "stretch">} place @returns {import("openapi").Geometry} */
export const groundOf = ({ at, stretch }) => stretch ?? { type: "Point", coordinates: at };

/** Ground of its own is repaired as it is; of a place its section, unless the hole is enough. @param {ViewState} now */
export const scopeOf = (now) => (isGround(now.place) ? "area" : (now.scope ?? "section"));
