/** What can be known of each paper of the registers, of protected ground, and of works. */
import { day, dayOf, lastDay, number, period, span, t, word } from "../../i18n.js";
import { el } from "../../dom.js";
import { sourceId, worksLink } from "../../facts.js";
import { address } from "../../address.js";

/** @template T @typedef {import("../../lists/columns.js").Column<T>} Column */
/** @typedef {import("openapi").Protection} Protection */
/** @typedef {import("openapi").Works} Works */

/** @type {Column<import("openapi").Request>[]} */
const REQUESTS = [
  { name: "number", head: "desk.number", value: (one) => one.number, isFixed: true },
  { name: "owner", head: "desk.owner", value: (one) => one.owner },
  { name: "state", head: "facts.status", value: (one) => word("request_state", one.state) },
  { name: "due", head: "lists.answer_by", value: (one) => one.due_on },
  { name: "street", head: "desk.street", value: (one) => one.street },
  { name: "works", head: "facts.source_id", value: (one) => sourceId(one.source, one.source_id) },
  { name: "from", head: "lists.from", value: (one) => one.starts_on },
  { name: "to", head: "lists.to", value: (one) => lastDay(one.ends_on) },
  { name: "repairs", head: "screen.repairs", value: (one) => one.repair_numbers.join(", ") },
  { name: "late", head: "lists.late", value: (one) => t(one.late ? "lists.yes" : "lists.no") },
];

/** @type {Column<import("openapi").ClaimFile>[]} */
const CLAIMS = [
  { name: "number", head: "desk.number", value: (one) => one.number, isFixed: true },
  { name: "owner", head: "desk.owner", value: (one) => one.owner },
  { name: "state", head: "facts.status", value: (one) => word("claim_status", one.state) },
  { name: "amount", head: "desk.amount", value: (one) => one.amount_eur },
  { name: "sent", head: "lists.sent", value: (one) => dayOf(one.created_at) },
];

/** @param {Protection} one */
function laidBy(one) {
  const selection = /** @type {import("../../address.js").Selection} */ (one.repair_id ? `repair:${one.repair_id}` : `works:${one.works_id}`);
  return el("a", { href: address({ selection, list: null }) }, one.number);
}

/** @type {Column<Protection>[]} */
const PROTECTED = [
  { name: "until", head: "desk.until", value: (one) => lastDay(one.until), show: (one) => day(lastDay(one.until)), isFixed: true },
  { name: "street", head: "desk.street", value: (one) => one.street },
  { name: "laid_by", head: "desk.laid_by", value: (one) => one.owner, show: (one) => `${one.owner}, ${day(one.laid_on)}` },
  { name: "number", head: "desk.number", value: (one) => one.number, show: laidBy },
  { name: "length", head: "lists.length_m", value: (one) => one.length_m, show: (one) => number(one.length_m) },
  { name: "width", head: "lists.width_m", value: (one) => one.width_m, show: (one) => `${number(one.width_m)}${one.counts ? "" : ` · ${t("desk.no_relay")}`}` },
  { name: "laid_on", head: "lists.laid_on", value: (one) => one.laid_on, show: (one) => day(one.laid_on), isExtra: true },
];

/** From the first day of the first phase to the end of the last; open where that of one phase is. @param {Works} one @returns {[from: string | null | undefined, to: string | null | undefined]} */
function daysOf({ phases }) {
  const days = (/** @type {"starts_on" | "ends_on"} */ name) => phases.map((phase) => phase[name] ?? "").sort();
  const ends = days("ends_on");
  return [days("starts_on")[0], ends.includes("") ? null : ends.at(-1)];
}

/** @type {Column<Works>[]} */
const WORKS = [
  { name: "number", head: "facts.source_id", value: (one) => sourceId(one.source, one.source_id), show: (one) => worksLink(one.id, sourceId(one.source, one.source_id)), isFixed: true },
  { name: "title", head: "facts.remark", value: (one) => one.title },
  { name: "period", head: "facts.period", value: (one) => span(...daysOf(one)), show: (one) => period(...daysOf(one)) },
  { name: "certainty", head: "facts.certainty", value: (one) => word("certainty", one.certainty) },
];

/** By list. @type {Record<string, Column<any>[]>} */
export const COLUMNS_OF = { requests: REQUESTS, claims: CLAIMS, protected: PROTECTED, works: WORKS };
