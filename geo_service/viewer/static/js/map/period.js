/** Named periods instead of a date form: which works the map shows. */
import { el } from "../dom.js";
import { shiftDay, t } from "../i18n.js";
import { segments } from "../check/form.js";

/** Days ahead per period. */
const DAYS = { vandaag: 1, "4w": 28, "12w": 84, "6m": 183 };
const USUAL = "12w";

/** @param {import("../state.js").State} state */
export function createPeriod(state) {
  const options = Object.keys(DAYS).map((value) => ({ value, label: t(`period.${value}`) }));
  const choice = segments("periode", t("period.label"), options, (value) => state.go({ periode: value }));
  state.onChange((now) => choice.choose(chosen(now.periode)));
  return el("section", { class: "when float", "aria-label": t("period.title") }, choice.element);
}

/**
 * The condition that works are open in the chosen period; days without a known end stay in view.
 * @param {string | null} periode
 * @param {string} today
 * @returns {any}
 */
export function openIn(periode, today) {
  const until = shiftDay(today, DAYS[chosen(periode)]);
  const ends = ["coalesce", ["get", "ends_on"], "9999-12-31"];
  const starts = ["coalesce", ["get", "starts_on"], "0000-01-01"];
  return ["all", ["<", ["to-string", starts], until], [">", ["to-string", ends], today]];
}

/** @param {string | null} periode @returns {keyof typeof DAYS} */
function chosen(periode) {
  return periode !== null && periode in DAYS ? /** @type {keyof typeof DAYS} */ (periode) : USUAL;
}
