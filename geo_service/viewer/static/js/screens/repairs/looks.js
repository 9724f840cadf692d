/** What the worklist shows of each repair, and all of it as a file. */
import { day, dayOf, daysBetween, lastDay, word } from "../../i18n.js";
import { createTools } from "../../lists/tools.js";
import { judgement, repairName, timing } from "./words.js";

/** @typedef {import("openapi").WorklistItem} Item */
/** @typedef {import("../../lists/columns.js").Column<Item>} Column */
/** @typedef {Awaited<ReturnType<typeof createLooks>>} Looks */

const NOTHING = "–";

/** @param {() => string} today @param {() => boolean} isStale @param {() => {id: string, name: string}[]} teams @returns {Column[]} */
function columnsOf(today, isStale, teams) {
  const team = (/** @type {Item} */ { repair }) => teams().find(({ id }) => id === repair.team)?.name ?? "";
  const shown = (/** @type {string | null | undefined} */ on) => (on ? day(on) : NOTHING);
  return [
    { name: "place", head: "lists.place", value: repairName, isFixed: true },
    { name: "number", head: "lists.number", value: ({ repair }) => repair.number, isFixed: true },
    { name: "verdict", head: "lists.verdict", value: (item) => judgement(item, isStale()).title, isFixed: true },
    { name: "what", head: "lists.defect", value: ({ repair }) => [word("category", repair.category), word("scope", repair.scope).toLowerCase()].join(", ") },
    { name: "when", head: "lists.when", value: (item) => timing(item, today()) },
    { name: "why", head: "lists.why", value: ({ advice }) => advice.sentence },
    { name: "urgency", head: "facts.urgency", value: ({ repair }) => word("urgency", repair.urgency), isExtra: true },
    { name: "status", head: "facts.status", value: ({ repair }) => word("repair_status", repair.status), isExtra: true },
    { name: "team", head: "repairs.team", value: team, isExtra: true },
    { name: "owner", head: "lists.does", value: ({ repair }) => repair.owner, isExtra: true },
    { name: "area", head: "lists.area_m2", value: ({ repair }) => repair.area_m2, isExtra: true },
    { name: "reported", head: "facts.reported", value: ({ repair }) => dayOf(repair.reported_at), show: ({ repair }) => shown(repair.reported_at), isExtra: true },
    { name: "waited", head: "lists.days_waited", value: ({ repair }) => daysBetween(repair.reported_at, today()), isExtra: true },
    { name: "from", head: "lists.from", value: ({ repair }) => repair.planned?.starts_on, show: ({ repair }) => shown(repair.planned?.starts_on), isExtra: true },
    { name: "to", head: "lists.to", value: ({ repair }) => repair.planned && lastDay(repair.planned.ends_on), show: ({ repair }) => shown(repair.planned && lastDay(repair.planned.ends_on)), isExtra: true },
    { name: "free", head: "facts.free_from", value: ({ advice }) => advice.until, show: ({ advice }) => shown(advice.until), isExtra: true },
    { name: "latest", head: "facts.latest", value: ({ repair }) => repair.latest_on, show: ({ repair }) => shown(repair.latest_on), isExtra: true },
  ];
}

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {{today: () => string, isStale: () => boolean, teams: () => {id: string, name: string}[], rows: () => Promise<Item[]>, changed: () => void}} list
 */
export function createLooks(state, person, { today, isStale, teams, rows, changed }) {
  return createTools({ name: "repairs", columns: columnsOf(today, isStale, teams), rows, changed }, state, person);
}
