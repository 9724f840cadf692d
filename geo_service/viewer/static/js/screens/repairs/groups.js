/** The worklist in groups, in the order in which a foreman reads it. A repair stands in the first group that it fits. */

/** @typedef {import("openapi").WorklistItem} Item */
/** @typedef {"changed" | "today" | "late" | "open" | "planned" | "held"} GroupName */

/** @type {readonly {name: GroupName, has: (item: Item, today: string) => boolean}[]} */
const GROUPS = [
  { name: "changed", has: (item) => item.changed !== null },
  { name: "today", has: ({ repair }, today) => repair.status === "in_progress" || (isPlanned(repair) && repair.planned.starts_on <= today && today < repair.planned.ends_on) },
  { name: "late", has: ({ repair }, today) => isPlanned(repair) && repair.planned.ends_on <= today },
  { name: "planned", has: ({ repair }) => isPlanned(repair) },
  { name: "held", has: ({ repair }) => repair.held },
  { name: "open", has: () => true },
];
/** As they stand below each other. @type {readonly GroupName[]} */
export const ORDER = ["changed", "today", "late", "open", "planned", "held"];
const NEVER = "9999";

/** @param {import("openapi").Repair} repair @returns {repair is import("openapi").Repair & {planned: import("openapi").Planned}} */
const isPlanned = (repair) => repair.status === "scheduled" && repair.planned !== null;

/** @param {Item[]} items @param {string} today @returns {Map<GroupName, Item[]>} */
export function inGroups(items, today) {
  /** @type {Map<GroupName, Item[]>} */
  const groups = new Map(ORDER.map((name) => [name, []]));
  for (const item of [...items].sort(pressing)) {
    const group = GROUPS.find((one) => one.has(item, today));
    if (group) groups.get(group.name)?.push(item);
  }
  return groups;
}

/** Danger first, then in the order in which a crew drives today, then what is free soonest, has its days first, or waits longest. @param {Item} a @param {Item} b */
function pressing(a, b) {
  return rank(a).localeCompare(rank(b));
}

/** @param {Item} item */
function rank({ repair, advice, stop }) {
  const danger = repair.urgency === "danger" ? "0" : "1";
  return [danger, stop === null ? "1" : "0", String(stop ?? 0).padStart(4, "0"), repair.planned?.starts_on ?? NEVER, advice.until ?? NEVER, repair.reported_at].join(" ");
}
