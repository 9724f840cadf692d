/** Lists that have no screen of their own: what was avoided, with its proof, and repairs that wait for works. */
import { el } from "../../dom.js";
import { day, daysBetween, money, number, t, word } from "../../i18n.js";
import { address } from "../../address.js";

/** @typedef {{path: string, draw: (answer: any) => import("../../dom.js").Child[]}} List */

const MOST = 1000;

/** @param {import("../../address.js").ViewState["list"]} list @param {string} today @returns {List | null} */
export function listPart(list, today) {
  if (list === "avoided") return { path: `/stats/avoided/${today.slice(0, 4)}`, draw: avoidedList };
  return list === "held" ? { path: `/repairs?held=true&limit=${MOST}`, draw: (page) => heldList(page, today) } : null;
}

/** @param {import("openapi").AvoidedItems} answer */
function avoidedList({ items, avoided_cost_eur: total }) {
  const rows = items.map((one) => el("tr", {}, el("td", {}, el("a", { href: address({ selection: `conflict:${one.conflict_id}` }) }, one.number)), el("td", {}, day(one.on)), el("td", {}, t(`overview.way.${one.way}`)), el("td", {}, money(one.avoided_cost_eur))));
  return [head("avoided"), el("p", { class: "small" }, items.length === 0 ? t("overview.nothing_avoided") : t("overview.sum", { n: number(items.length, 0), amount: money(total) })), rows.length > 0 && table(["number", "on", "way", "amount"], rows)];
}

/** The longest wait first. @param {{items: import("openapi").Repair[], total: number}} page @param {string} today */
function heldList({ items, total }, today) {
  const sorted = [...items].sort((a, b) => a.reported_at.localeCompare(b.reported_at));
  const rows = sorted.map((one) => el("tr", {}, el("td", {}, el("a", { href: address({ screen: "repairs", repair: one.number, list: null, from: null, weeks: null, group: null, week: null }) }, one.number)), el("td", {}, word("category", one.category)), el("td", {}, t("unit.days", { n: daysBetween(one.reported_at, today) })), el("td", {}, one.until ? day(one.until) : "–")));
  return [head("held"), el("p", { class: "small" }, t("overview.waiting", { n: total })), rows.length > 0 && table(["number", "defect", "waited", "until"], rows)];
}

/** @param {"avoided" | "held"} name */
function head(name) {
  return el("div", { class: "card-head" }, el("h2", {}, t(`overview.tile.${name}`)), el("a", { class: "btn", href: address({ list: null }) }, t("action.close")));
}

/** @param {string[]} heads @param {HTMLElement[]} rows */
function table(heads, rows) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("overview.list") }, el("table", { class: "register" }, el("thead", {}, el("tr", {}, ...heads.map((name) => el("th", { scope: "col" }, t(`overview.col.${name}`))))), el("tbody", {}, ...rows)));
}
