/** How a case is named: the houses first, then what stands in the way of whom. */
import { day, money, t, word } from "../../i18n.js";
import { placeName } from "../../place.js";

/** @typedef {import("openapi").Case} Case */

/** "Gentsestraat 77–83, even zijde". @param {Case} one */
export function caseName(one) {
  if (!one.place) return t("cases.no_house");
  return `${placeName({ code: "", ...one.place })}, ${word("side", one.place.side)}`;
}

/** "Verspilde herstelling · Proximus". @param {Case} one */
export function caseMatter(one) {
  return [one.rules.map((rule) => word("rule", rule)).join(", "), one.owners.join(" × ")].filter(Boolean).join(" · ");
}

/** @param {Case} one */
export function caseAmount(one) {
  if (!one.eur) return "";
  return one.opportunity ? t("cases.saves", { amount: money(one.eur) }) : money(one.eur);
}

/** The last day to decide: the one that was set, else the day on which the first side begins. @param {Case} one */
export const lastDay = (one) => one.due_on ?? one.decide_by;

/** @param {Case} one */
export const decideBy = (one) => t("cases.decide_by", { day: day(lastDay(one)) });
