/** The five figures of a conflict, each with what it was computed from. */
import { el } from "../../dom.js";
import { area, money, number, percent, t, word } from "../../i18n.js";
import { moneyFormula, worksParty } from "../../facts.js";

/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {[term: string, value: string, ...from: (string | null | undefined | false)[]]} Figure */

/** @param {Conflict} conflict */
export function fiveFigures(conflict) {
  const { facts } = conflict;
  const figures = facts.digs ? [countOf(conflict)] : [distance(conflict), overlap(conflict), time(conflict), chance(conflict), stake(conflict)];
  return el("dl", { class: "figures" }, ...figures.map(([term, value, ...from]) => el("div", {}, el("dt", {}, term), el("dd", {}, el("b", {}, value), ...from.filter(Boolean).map((line) => el("small", {}, line || ""))))));
}

/** @param {Conflict} conflict @returns {Figure} */
function countOf({ facts }) {
  return [t("facts.digs"), number(facts.digs ?? 0), t("desk.within_days", { n: input(facts, "window_days") ?? 0 }), t("desk.from_count", { n: input(facts, "least_count") ?? 0 })];
}

/** @param {Conflict} conflict @returns {Figure} */
function distance({ facts }) {
  const clearance = input(facts, "clearance_m");
  return [t("facts.distance"), `${number(facts.distance_m)}\u00a0m`, facts.distance_m === 0 && t("desk.they_touch"), clearance !== null && t("desk.rule_reach", { m: number(clearance) })];
}

/** @param {Conflict} conflict @returns {Figure} */
function overlap({ facts }) {
  const sizes = ["a_m2", "b_m2"].map((name) => input(facts, name)).filter((size) => size !== null);
  const smaller = sizes.length > 0 ? Math.min(...sizes) : null;
  return [t("facts.overlap"), area(facts.overlap_m2), facts.overlap_share !== null && smaller !== null && t("desk.share_of", { share: percent(facts.overlap_share), area: area(smaller) })];
}

/** @param {Conflict} conflict @returns {Figure} */
function time({ facts }) {
  const life = input(facts, "life_days");
  const of = life !== null && t("desk.of_life", { n: number(life / 365.25, 0) });
  if (facts.gap_days > 0) return [t("facts.gap_days"), t("unit.days", { n: facts.gap_days }), of];
  return [t("facts.overlap_days"), t("unit.days", { n: facts.overlap_days }), of];
}

/** @param {Conflict} conflict @returns {Figure} */
function chance(conflict) {
  const { facts } = conflict;
  const chances = ["a_probability", "b_probability"].map((name) => input(facts, name)).filter((one) => one !== null);
  const certainty = worksParty(conflict)?.works?.certainty;
  return [t("facts.probability"), percent(facts.probability), certainty && word("certainty", certainty), chances.length > 1 && chances.map((one) => percent(one)).join(" × ")];
}

/** @param {Conflict} conflict @returns {Figure} */
function stake({ facts, opportunity }) {
  if (opportunity) return [t("facts.saving"), money(facts.saving_eur ?? 0), savingFormula(facts)];
  return [t("facts.at_risk"), money(facts.cost_at_risk_eur ?? 0), moneyFormula(facts)];
}

/** @param {import("openapi").Facts} facts */
function savingFormula(facts) {
  const [shared, price] = [input(facts, "shared_m2"), input(facts, "eur_per_m2")];
  return shared !== null && price !== null && Math.abs(shared * price * facts.probability - (facts.saving_eur ?? 0)) < 1 && `= ${area(shared)} × ${money(price)}/m² × ${percent(facts.probability)}`;
}

/** @param {import("openapi").Facts} facts @param {string} name @returns {number | null} */
function input(facts, name) {
  const value = facts.inputs[name];
  return typeof value === "number" ? value : null;
}
