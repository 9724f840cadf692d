/** Lists that have no screen of their own: what was avoided, with its proof, and repairs that wait for works. */
import { el, fill } from "../../dom.js";
import { day, daysBetween, money, number, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { pagesOf } from "../../lists/pages.js";
import { listTable } from "../../lists/table.js";
import { createTools } from "../../lists/tools.js";

/** @typedef {{path: string, draw: (answer: any) => Promise<import("../../dom.js").Child[]>}} List */
/** @template T @typedef {import("../../lists/columns.js").Column<T>} Column */

const HELD = "/repairs?held=true&limit=1000";
const PLAIN = { list: null, from: null, weeks: null, group: null, week: null, columns: null };

/**
 * @param {import("../../address.js").ViewState["list"]} list
 * @param {string} today
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {() => void} again reads the list anew
 * @returns {List | null}
 */
export function listPart(list, today, state, person, again) {
  if (list === "avoided") return { path: `/stats/avoided/${today.slice(0, 4)}`, draw: (answer) => avoidedList(answer, state, person) };
  if (list === "near") return { path: "/stats/buildings", draw: async (answer) => (await import("./buildings.js")).nearPart(answer, state, person) };
  if (list === "projects") return { path: "/building-projects", draw: async (answer) => (await import("./buildings.js")).projectsPart(answer, today, again, state, person) };
  return list === "held" ? { path: HELD, draw: (page) => heldList(page, today, state, person) } : null;
}

/**
 * A list with its choice of columns and its file.
 * @template T
 * @param {string} name @param {string} title key of its words @param {readonly Column<T>[]} columns @param {T[]} rows
 * @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person
 * @param {() => T[] | Promise<T[]>} [all] rows of the file, where the page has only the first ones
 */
export async function listWithTools(name, title, columns, rows, state, person, all = () => rows) {
  const place = el("div", {});
  const tools = await createTools({ name, columns, rows: all, changed: () => lay() }, state, person);
  function lay() {
    fill(place, listTable(title, tools.columns(), rows));
  }
  lay();
  return rows.length > 0 && el("div", { class: "view" }, tools.element, place);
}

/** @type {readonly Column<import("openapi").AvoidedItem>[]} */
const AVOIDED = [
  { name: "number", head: "overview.col.number", value: (one) => one.number, show: (one) => el("a", { href: address({ selection: `conflict:${one.conflict_id}` }) }, one.number), isFixed: true },
  { name: "on", head: "overview.col.on", value: (one) => one.on, show: (one) => day(one.on) },
  { name: "way", head: "overview.col.way", value: (one) => t(`overview.way.${one.way}`) },
  { name: "amount", head: "overview.col.amount", value: (one) => one.avoided_cost_eur, show: (one) => money(one.avoided_cost_eur) },
];

/** @param {import("openapi").AvoidedItems} answer @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person */
async function avoidedList({ items, avoided_cost_eur: total }, state, person) {
  const sum = items.length === 0 ? t("overview.nothing_avoided") : t("overview.sum", { n: number(items.length, 0), amount: money(total) });
  return [head("avoided"), el("p", { class: "small" }, sum), await listWithTools("avoided", "overview.list", AVOIDED, items, state, person)];
}

/** @param {string} today @returns {readonly Column<import("openapi").Repair>[]} */
const heldColumns = (today) => [
  { name: "number", head: "overview.col.number", value: (one) => one.number, show: (one) => el("a", { href: address({ ...PLAIN, screen: "repairs", repair: one.number }) }, one.number), isFixed: true },
  { name: "defect", head: "overview.col.defect", value: (one) => word("category", one.category) },
  { name: "waited", head: "overview.col.waited", value: (one) => daysBetween(one.reported_at, today), show: (one) => t("unit.days", { n: daysBetween(one.reported_at, today) }) },
  { name: "until", head: "overview.col.until", value: (one) => one.until, show: (one) => (one.until ? day(one.until) : "–") },
  { name: "urgency", head: "facts.urgency", value: (one) => word("urgency", one.urgency), isExtra: true },
  { name: "scope", head: "facts.scope", value: (one) => word("scope", one.scope), isExtra: true },
  { name: "area", head: "lists.area_m2", value: (one) => one.area_m2, isExtra: true },
  { name: "latest", head: "facts.latest", value: (one) => one.latest_on, show: (one) => (one.latest_on ? day(one.latest_on) : "–"), isExtra: true },
];

/** The longest wait first. @param {{items: import("openapi").Repair[], total: number}} page @param {string} today @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person */
async function heldList({ items, total }, today, state, person) {
  const inOrder = (/** @type {import("openapi").Repair[]} */ repairs) => [...repairs].sort((a, b) => a.reported_at.localeCompare(b.reported_at));
  const rest = total > items.length && t("repairs.first_of", { shown: number(items.length, 0), n: number(total, 0) });
  const list = await listWithTools("held", "overview.list", heldColumns(today), inOrder(items), state, person, async () => inOrder((await pagesOf(HELD)).items));
  return [head("held"), el("p", { class: "small" }, [t("overview.waiting", { n: total }), rest].filter(Boolean).join(" ")), list];
}

/** @param {"avoided" | "held" | "near" | "projects"} name */
export function head(name) {
  return el("div", { class: "card-head" }, el("h2", {}, t(`overview.tile.${name}`)), el("a", { class: "btn", href: address({ list: null }) }, t("action.close")));
}
