/** The figures of a conflict beside the map. */
import { el } from "../../dom.js";
import { moneyFormula } from "../../facts.js";
import { area, money, number, percent, t } from "../../i18n.js";

/** The figures of a conflict. @param {import("openapi").Facts} facts @returns {(import("../../facts.js").Fact | false)[]} */
export function figures(facts) {
  if (has(facts.digs)) return [[t("facts.digs"), number(facts.digs)]];
  return [
    has(facts.distance_m) && [t("facts.distance"), `${number(facts.distance_m)}\u00a0m`],
    has(facts.overlap_m2) && [t("facts.overlap"), area(facts.overlap_m2), has(facts.overlap_share) && ` · ${percent(facts.overlap_share)}`],
    has(facts.lost_m2) && facts.lost_m2 > 0 && [t("facts.lost"), area(facts.lost_m2), has(facts.lost_share) && ` · ${percent(facts.lost_share)}`],
    has(facts.overlap_days) && facts.overlap_days > 0 && [t("facts.overlap_days"), t("unit.days", { n: facts.overlap_days })],
    has(facts.gap_days) && facts.gap_days > 0 && [t("facts.gap_days"), t("unit.days", { n: facts.gap_days })],
    has(facts.probability) && [t("facts.probability"), percent(facts.probability)],
    has(facts.saving_eur) && facts.saving_eur > 0 && [t("facts.saving"), money(facts.saving_eur)],
    has(facts.cost_at_risk_eur) && facts.cost_at_risk_eur > 0 && [t("facts.at_risk"), money(facts.cost_at_risk_eur), " ", el("span", { class: "tiny" }, moneyFormula(facts))],
  ];
}

/** @param {number | null | undefined} value @returns {value is number} */
const has = (value) => value !== null && value !== undefined;
