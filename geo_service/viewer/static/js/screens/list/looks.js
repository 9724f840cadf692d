/** What the list of conflicts shows of each, and all of it as a file. */
import { day, dayOf, span, word } from "../../i18n.js";
import { amount, conflictName, partyName, sourceId, worksParty } from "../../facts.js";
import { createTools } from "../../lists/tools.js";

/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {Awaited<ReturnType<typeof createLooks>>} Looks */

const worksOf = (/** @type {Conflict} */ one) => worksParty(one)?.works;
const startOf = (/** @type {Conflict} */ one) => worksParty(one)?.claim?.stated_starts_on ?? worksParty(one)?.starts_on;
const endOf = (/** @type {Conflict} */ one) => worksParty(one)?.claim?.stated_ends_on ?? worksParty(one)?.ends_on;

/** @type {readonly import("../../lists/columns.js").Column<Conflict>[]} */
export const COLUMNS = [
  { name: "number", head: "lists.number", value: (one) => one.number, isFixed: true },
  { name: "rule", head: "lists.rule", value: conflictName, isFixed: true },
  { name: "title", head: "facts.works", value: (one) => worksOf(one)?.title },
  { name: "owners", head: "facts.owner", value: (one) => [one.a, one.b].map(partyName).join(" × ") },
  { name: "period", head: "facts.period", value: (one) => span(startOf(one), endOf(one)) },
  { name: "severity", head: "facts.severity", value: (one) => word("severity", one.severity) },
  { name: "amount", head: "lists.amount", value: (one) => amount(one.facts) },
  { name: "works", head: "facts.source_id", value: (one) => sourceId(worksOf(one)?.source, worksOf(one)?.source_id), isExtra: true },
  { name: "certainty", head: "facts.certainty", value: (one) => word("certainty", worksOf(one)?.certainty), isExtra: true },
  { name: "distance", head: "lists.distance_m", value: (one) => one.facts.distance_m, isExtra: true },
  { name: "overlap", head: "lists.overlap_m2", value: (one) => one.facts.overlap_m2, isExtra: true },
  { name: "department", head: "lists.department", value: (one) => word("department", one.department), isExtra: true },
  { name: "person", head: "lists.person", value: (one) => one.person, isExtra: true, isPersonal: true },
  { name: "found", head: "lists.open_since", value: (one) => one.created_at && dayOf(one.created_at), show: (one) => one.created_at && day(dayOf(one.created_at)), isExtra: true },
];

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {() => Promise<Conflict[]>} rows all that the filters leave
 * @param {() => void} changed
 */
export function createLooks(state, person, rows, changed) {
  return createTools({ name: "conflicts", columns: COLUMNS, rows, changed }, state, person);
}
