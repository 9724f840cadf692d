/** Named periods instead of a date form: which works the map shows. */
import { el } from "../dom.js";
import { mondayOf, shiftDay, t } from "../i18n.js";
import { segments } from "../segments.js";

/** @typedef {import("../address.js").Period} Period */

/** Days ahead per period. @type {Record<Period, number>} */
const DAYS = { today: 1, "4w": 28, "12w": 84, "6m": 183 };
/** @type {Period} */
const USUAL = "12w";

/** @param {import("../state.js").State} state */
export function createPeriod(state) {
  const options = /** @type {Period[]} */ (Object.keys(DAYS)).map((value) => ({ value, label: t(`period.${value}`) }));
  const choice = segments("period", t("period.label"), options, (period) => state.go({ period, week: null }));
  state.onChange((now) => choice.choose(now.week ? null : (now.period ?? USUAL)));
  return el("section", { class: "when float", "aria-label": t("period.title") }, choice.element);
}

/**
 * The condition that a thing is there in the chosen week, or else in the chosen period; days without a known end stay in view.
 * @param {{period: Period | null, week: string | null}} chosen
 * @param {string} today
 * @param {readonly [string | null, string]} [days] the fields with the first day and the day after the last (`layer.js`)
 * @returns {any}
 */
export function openIn({ period, week }, today, [first, after] = ["starts_on", "ends_on"]) {
  const from = week ? mondayOf(week) : today;
  const until = shiftDay(from, week ? 7 : DAYS[period ?? USUAL]);
  const ends = ["coalesce", ["get", after], "9999-12-31"];
  const starts = first ? ["coalesce", ["get", first], "0000-01-01"] : "";
  return ["all", ["<", ["to-string", starts], until], [">", ["to-string", ends], from]];
}
