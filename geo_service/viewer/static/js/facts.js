/** Facts with their inputs: every figure opens to what it was computed from. */
import { el } from "./dom.js";
import { area, day, money, number, percent, t, word } from "./i18n.js";
import { address } from "./address.js";

/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {import("openapi").Side} Party */
/** @typedef {[term: string, ...value: import("./dom.js").Child[]]} Fact */

/** @param {(Fact | null | false | undefined | "" | 0)[]} facts */
export function factList(facts) {
  const rows = facts.filter((fact) => !!fact).flatMap(([term, ...value]) => [el("dt", {}, term), el("dd", {}, ...value)]);
  return el("dl", { class: "facts" }, ...rows);
}

/** A certainty in words, with its chance as bar and number. @param {string} code @param {number | null} [chance] 0–1 */
export function certainty(code, chance) {
  const words = [word("certainty", code), code === "indicative" ? t("facts.uncertain_date") : ""].filter(Boolean).join(", ");
  if (chance === undefined || chance === null) return [words];
  return [meter(chance), `${words} · ${percent(chance)}`];
}

/** @param {number} share 0–1 */
function meter(share) {
  const bar = el("i");
  bar.style.width = `${Math.round(share * 100)}%`;
  return el("span", { class: "meter", "aria-hidden": "true" }, bar);
}

/** The works party of a conflict, when it has one. @param {Conflict | undefined} conflict @returns {Party | undefined} */
export function worksParty(conflict) {
  return [conflict?.b, conflict?.a].find((party) => party?.works);
}

/** A link to the detail of works. @param {string | null | undefined} id @param {string | null | undefined} label */
export function worksLink(id, label) {
  if (!label) return null;
  return id ? el("a", { href: address({ selection: `works:${id}`, list: null }) }, label) : label;
}

/** @param {Party | undefined} party */
export const worksId = (party) => party?.works?.id;

/** "GIPOD 12350257": the number as people quote it. @param {string | null | undefined} source @param {string | null | undefined} id */
export const sourceId = (source, id) => (source === "gipod" && id ? `GIPOD ${id}` : id);

/** Whether one side is works of several owners, counted together. @param {Party} party */
export const isCounted = (party) => new Set(party.dig.map((one) => one.owner)).size > 1;

/** Who stands on one side of a conflict: a place, the owner of works (or how many there are), else what kind of thing it is. @param {Party} party */
export function partyName(party) {
  if (isCounted(party)) return t("unit.works", { n: party.dig.length });
  return party.street?.name ?? party.building?.name ?? party.works?.owner_group_name ?? word("claim", party.kind);
}

/** What a conflict is called; works that come after a new surface have a name of their own. @param {Conflict} conflict */
export const conflictName = (conflict) => word("rule", conflict.moratorium && conflict.rule === "wasted_repair" ? "moratorium" : conflict.rule);

/**
 * The formula of the money at risk: "= € 5.548 × 99,7 % × 85 %"; empty when the inputs do not give that amount.
 * @param {import("openapi").Facts} facts
 */
export function moneyFormula(facts) {
  const { value_eur: value, life_days: life } = facts.inputs ?? {};
  const { gap_days: gap = 0, probability: chance, cost_at_risk_eur: risk } = facts;
  if (typeof value !== "number" || typeof life !== "number" || !life || chance === undefined || !risk) return "";
  const share = Math.max(0, 1 - Math.max(0, gap) / life);
  const lost = facts.lost_share ?? 1;
  if (Math.abs(value * lost * share * chance - risk) > Math.max(1, risk / 100)) return "";
  const values = { cost: money(value), share: percent(share), probability: percent(chance) };
  return lost < 1 ? t("facts.money_formula.part", { ...values, lost: percent(lost) }) : t("facts.money_formula", values);
}

/** The money of a conflict: at risk, or to be saved. @param {import("openapi").Facts} facts */
export const amount = (facts) => facts.cost_at_risk_eur || facts.saving_eur || 0;

/** Everything a figure was computed from, folded away. @param {Conflict} conflict */
export function inputsOf(conflict) {
  const entries = Object.entries(conflict.facts.inputs ?? {}).filter(([, value]) => value !== null);
  const rows = entries.map(([name, value]) => /** @type {Fact} */ ([inputName(conflict, name), inputValue(name, value)]));
  if (rows.length === 0) return null;
  return el("details", { class: "open-up" }, el("summary", {}, t("facts.inputs")), factList(rows));
}

/** What an input is called; that of one side by who stands there. @param {Conflict} conflict @param {string} name */
function inputName(conflict, name) {
  return word("input", name).replace("{side}", () => partyName(name.startsWith("a_") ? conflict.a : conflict.b));
}

/** An input as people write it, by the unit in its name. @param {string} name @param {unknown} value */
export function inputValue(name, value) {
  if (typeof value === "number") return formatted(name, value);
  if (typeof value === "string" && name.endsWith("_on")) return day(value);
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.join(" – ") : JSON.stringify(value);
}

/** @param {string} name @param {number} value */
function formatted(name, value) {
  if (/(^|_)eur(_|$)/.test(name)) return name.endsWith("_m2") ? `${money(value)}/m²` : money(value);
  if (name.endsWith("_m2")) return area(value);
  if (name.endsWith("_m")) return `${number(value)}\u00a0m`;
  if (name.endsWith("_days")) return t("unit.days", { n: value });
  return name.includes("share") || name.endsWith("probability") ? percent(value) : number(value, 3);
}
