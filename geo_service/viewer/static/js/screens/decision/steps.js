/** The steps that people take, in the order of the buttons: from which states, by whom. The same as domain/lifecycle.py and domain/permissions.py; a test compares them. */

/** @typedef {import("openapi").Conflict["status"]} Status */
/** @typedef {"acknowledge" | "agree" | "settle" | "accept-risk" | "assign" | "comment" | "reopen" | "undo"} StepName */
/** @typedef {{name: StepName, sources: readonly Status[], roles: readonly string[]}} Step */

export const UNDO_MS = 10 * 60_000;
/** Who may also undo the step of somebody else. */
export const UNDO_OF_OTHERS = ["coordinator", "admin"];

const DESKS = ["workshop", "utilities_desk", "coordinator", "admin"];
const DECIDE = ["utilities_desk", "coordinator", "admin"];
/** @type {readonly Status[]} */
const UNDECIDED = ["open", "acknowledged", "agreed"];
/** @type {readonly Status[]} */
const LIVE = [...UNDECIDED, "settled", "accepted_risk"];

/** @type {readonly Step[]} */
export const STEPS = [
  { name: "acknowledge", sources: ["open"], roles: DESKS },
  { name: "agree", sources: UNDECIDED, roles: DECIDE },
  { name: "settle", sources: UNDECIDED, roles: DECIDE },
  { name: "accept-risk", sources: UNDECIDED, roles: ["coordinator", "admin"] },
  { name: "assign", sources: LIVE, roles: DESKS },
  { name: "comment", sources: [...LIVE, "expired", "withdrawn"], roles: [...DESKS, "partner"] },
  { name: "reopen", sources: ["acknowledged", "agreed", "settled", "accepted_risk"], roles: DECIDE },
  { name: "undo", sources: LIVE, roles: DESKS },
];

/** What changes nothing that could be undone. @param {string} name */
export const isUndoable = (name) => name !== "comment" && name !== "undo" && STEPS.some((step) => step.name === name);
