/** How a repair is named and judged in a few words. */
import { area, day, daysBetween, period, t, word } from "../../i18n.js";
import { placeName } from "../../place.js";
import { faceOf } from "../check/verdict.js";
import { isBarred } from "./steps.js";

/** @typedef {import("openapi").WorklistItem} Item */

/** "Gentsestraat 77–83". @param {Pick<Item, "repair" | "place">} item */
export const repairName = ({ place, repair }) => (place ? placeName({ code: "", ...place }) : repair.number);

/** "Losse steen, heel vak · 12 m² · H-1086". @param {import("openapi").Repair} repair */
export function defect(repair) {
  const what = [word("category", repair.category), word("scope", repair.scope).toLowerCase()].join(", ");
  return [what, repair.area_m2 && area(repair.area_m2), repair.number].filter(Boolean).join(" · ");
}

/** When it is done, comes free, or since when it waits. @param {Item} item @param {string} today */
export function timing({ repair, advice }, today) {
  if (repair.status === "in_progress") return word("repair_status", repair.status);
  if (repair.status === "scheduled" && repair.planned) return days(repair.planned);
  if (repair.held && advice.until && advice.until > today) return t("repairs.days_left", { n: daysBetween(today, advice.until) });
  const waited = daysBetween(repair.reported_at, today);
  return waited > 0 ? t("repairs.days_waited", { n: waited }) : t("repairs.reported_today");
}

/** @param {import("openapi").Planned} planned */
function days({ starts_on: from, ends_on: to }) {
  return daysBetween(from, to) === 1 ? day(from) : period(from, to);
}

/**
 * The verdict on a repair of the worklist: what has days while works block it may not begin, and what was held and is free says so.
 * @param {Item} item @param {boolean} isStale whether what is free may be so no longer
 */
export function judgement({ repair, advice, changed }, isStale) {
  const careful = (/** @type {string} */ title) => (isStale ? t("check.provisional", { title }) : title);
  if (changed?.type === "repair.released" && !advice.blocked) return { look: "v-repair", icon: /** @type {const} */ ("unlock"), title: careful(t("verdict.released.title")) };
  if (isBarred(advice) && repair.status !== "requested") return { look: "v-block", icon: /** @type {const} */ ("block"), title: t("verdict.blocked.title") };
  return { ...faceOf(advice.verdict), title: advice.verdict === "repair" ? careful(advice.title) : advice.title };
}

/** What the advice was before it changed: "Wacht tot di 12 jan"; empty when nothing is known of it. @param {NonNullable<Item["changed"]>} changed */
export function formerly({ data }) {
  const { verdict, until } = data.previous ?? {};
  if (!verdict) return "";
  return t(`verdict.${verdict}.title`, { until: until ? day(until) : "", owner: data.works?.owner ?? "" });
}
