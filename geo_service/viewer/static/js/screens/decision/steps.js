/** The steps that people take, in the order of the buttons, and from which states. The same as domain/lifecycle.py; a test compares them. */

/** @typedef {import("openapi").Conflict["status"]} Status */
/** @typedef {"acknowledge" | "agree" | "settle" | "accept-risk" | "assign" | "comment" | "reopen" | "undo"} StepName */
/** @typedef {{name: StepName, sources: readonly Status[]}} Step */

export const UNDO_MS = 10 * 60_000;

/** @type {readonly Status[]} */
const UNDECIDED = ["open", "acknowledged", "agreed"];
/** @type {readonly Status[]} */
const LIVE = [...UNDECIDED, "settled", "accepted_risk"];

/** @type {readonly Step[]} */
export const STEPS = [
  { name: "acknowledge", sources: ["open"] },
  { name: "agree", sources: UNDECIDED },
  { name: "settle", sources: UNDECIDED },
  { name: "accept-risk", sources: UNDECIDED },
  { name: "assign", sources: LIVE },
  { name: "comment", sources: [...LIVE, "expired", "withdrawn"] },
  { name: "reopen", sources: ["acknowledged", "agreed", "settled", "accepted_risk"] },
  { name: "undo", sources: LIVE },
];

/** What changes nothing that could be undone. @param {string} name */
export const isUndoable = (name) => name !== "comment" && name !== "undo" && STEPS.some((step) => step.name === name);
