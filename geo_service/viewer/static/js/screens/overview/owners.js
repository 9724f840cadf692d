/** How each utility keeps its days and answers. Facts about organisations, never about persons. */
import { el } from "../../dom.js";
import { number, t } from "../../i18n.js";
import { address } from "../../address.js";
import { listWithTools } from "./lists.js";

/** @typedef {import("openapi").OwnerRecord} Owner */

const PLAIN = { screen: /** @type {const} */ ("cases"), from: null, weeks: null, group: null, week: null, columns: null };
const days = (/** @type {number | null} */ n) => (n === null ? "–" : t("unit.days", { n: Math.round(n) }));

/** @type {readonly import("../../lists/columns.js").Column<Owner>[]} */
const COLUMNS = [
  { name: "owner", head: "overview.owner.owner", value: (one) => one.owner, isFixed: true },
  { name: "cases", head: "overview.owner.cases", value: (one) => one.cases, show: (one) => el("a", { href: address({ ...PLAIN, list: null, owner: one.owner_group }) }, number(one.cases, 0)) },
  { name: "works", head: "overview.owner.works", value: (one) => one.works },
  { name: "silent", head: "overview.owner.silent", value: (one) => one.silent },
  { name: "slip", head: "overview.owner.slip", value: (one) => one.slip_days, show: (one) => days(one.slip_days) + (one.slip_origin === "default" ? ` ${t("overview.assumed")}` : "") },
  { name: "waiting", head: "overview.owner.waiting", value: (one) => one.waiting, show: (one) => el("a", { href: address({ ...PLAIN, list: "requests", owner: one.owner_group }) }, number(one.waiting, 0)) },
  { name: "late", head: "overview.owner.late", value: (one) => one.late },
  { name: "answer", head: "overview.owner.answer", value: (one) => one.answer_days, show: (one) => days(one.answer_days) },
];

/** @param {Owner[]} items @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person */
export async function ownersTable(items, state, person) {
  const title = el("h2", {}, t("overview.owners"));
  if (items.length === 0) return [title, el("p", { class: "small" }, t("overview.no_owners"))];
  return [title, await listWithTools("owners", "overview.owners", COLUMNS, items, state, person), el("p", { class: "tiny" }, t("overview.owners_note"))];
}
