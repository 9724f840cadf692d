/** What the tiles hold: that of one owner and one department, and of weeks that are over also what is done. */
import { mondayOf, shiftDay } from "../i18n.js";

/** @typedef {import("../address.js").ViewState} ViewState */

/** So many weeks back does the slider go. */
export const WEEKS_BACK = 26;

/** The Monday of the first week on the slider. @param {string} today */
export const firstMonday = (today) => shiftDay(mondayOf(today), -7 * WEEKS_BACK);

/** Whether things are drawn each by itself, from afar too: of a week, an owner or a department streets have no sums. @param {ViewState} now */
export const isNarrow = (now) => Boolean(now.week || filtersOf(now).owner || filtersOf(now).department);

/** The filters of the map; the list of cases has its own. @param {ViewState} now */
export function filtersOf({ screen, owner, department }) {
  return screen === "map" ? { owner, department } : { owner: null, department: null };
}

/**
 * The addresses of the tiles by source of the style: the city's, and what is fetched once a layer of a register is on.
 * @param {ViewState} now @param {string} today @param {boolean} ofRepairs whether the reader may see what waits
 */
export const tileSources = (now, today, ofRepairs) => ({ city: addressOf(now, today, null), registers: addressOf(now, today, ofRepairs ? "protections,requests,holds" : "protections,requests") });

/** @param {ViewState} now @param {string} today @param {string | null} collections */
function addressOf(now, today, collections) {
  const { owner, department } = filtersOf(now);
  const isOver = now.week && mondayOf(now.week) < mondayOf(today);
  const parts = { collections, owner, department, datetime: isOver ? `${firstMonday(today)}/..` : null };
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value).map(([name, value]) => [name, String(value)]));
  return `${location.origin}/ogc/tiles/WebMercatorQuad/{z}/{x}/{y}.mvt${query.size > 0 ? `?${query}` : ""}`;
}
