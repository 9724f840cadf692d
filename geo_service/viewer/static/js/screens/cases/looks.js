/** What the list of cases shows of each, and all of it as a file. */
import { day, number, t, word } from "../../i18n.js";
import { pagesOf } from "../../lists/pages.js";
import { createTools } from "../../lists/tools.js";
import { caseMatter, caseName, lastDay } from "./words.js";

/** @typedef {import("openapi").Case} Case */
/** @typedef {Awaited<ReturnType<typeof createLooks>>} Looks */

/** @type {readonly import("../../lists/columns.js").Column<Case>[]} */
export const CASE_COLUMNS = [
  { name: "place", head: "lists.place", value: caseName, isFixed: true },
  { name: "matter", head: "lists.matter", value: caseMatter },
  { name: "last_day", head: "lists.last_day", value: lastDay },
  { name: "amount", head: "lists.amount", value: (one) => one.eur },
  { name: "severity", head: "facts.severity", value: (one) => word("severity", one.severity) },
  { name: "conflicts", head: "lists.conflicts", value: (one) => one.conflicts },
  { name: "status", head: "facts.status", value: (one) => one.statuses.map((code) => word("status", code)).join(", ") },
  { name: "department", head: "cases.department", value: (one) => one.departments.map((code) => word("department", code)).join(", ") },
  { name: "person", head: "cases.person", value: (one) => one.persons.join(", "), isPersonal: true },
  { name: "kind", head: "lists.kind", value: (one) => t(one.opportunity ? "lists.chance" : "lists.conflict"), isExtra: true },
  { name: "owners", head: "facts.owner", value: (one) => one.owners.join(", "), isExtra: true },
  { name: "streets", head: "desk.street", value: (one) => one.streets.join(", "), isExtra: true },
  { name: "repairs", head: "screen.repairs", value: (one) => one.repairs, isExtra: true },
  { name: "open_since", head: "lists.open_since", value: (one) => one.open_since, show: (one) => day(one.open_since), isExtra: true },
  { name: "escalated", head: "desk.escalated", value: (one) => t(one.escalated ? "lists.yes" : "lists.no"), isExtra: true },
  { name: "waits", head: "desk.waits", value: (one) => t(one.waits ? "lists.yes" : "lists.no"), isExtra: true },
  { name: "score", head: "lists.score", value: (one) => one.score.total, show: (one) => number(one.score.total), isExtra: true },
  { name: "lon", head: "lists.lon", value: (one) => one.lon, isExtra: true },
  { name: "lat", head: "lists.lat", value: (one) => one.lat, isExtra: true },
  { name: "link", head: "lists.link", value: (one) => `${location.origin}/afstemming?dossier=${one.id}`, isExtra: true },
];

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {() => string} path of the list as it is narrowed now
 * @param {() => void} changed
 */
export function createLooks(state, person, path, changed) {
  return createTools({ name: "cases", columns: CASE_COLUMNS, rows: async () => (await pagesOf(path())).items, changed }, state, person);
}
