/** What a crew can do with a repair as it stands, the first thing first. */

/** @typedef {import("./ahead.js").Item} Item */
/** @typedef {"start" | "finish" | "plan" | "make_safe" | "ask"} StepName */

/** Whether a crew may not begin: danger is made safe whatever works come. @param {Item["advice"]} advice */
export const isBarred = (advice) => advice.blocked && advice.verdict !== "make_safe";

/** @param {Item} item @returns {StepName[]} */
export function stepsOf({ repair, advice, waits = [] }) {
  if (waits.includes("finish")) return [];
  /** @type {StepName[]} */
  const safer = advice.blocked && repair.urgency !== "danger" ? ["make_safe"] : [];
  if (repair.status === "in_progress") return ["finish"];
  if (repair.status === "scheduled") return isBarred(advice) ? ["plan", ...safer, "ask"] : ["start", "plan"];
  if (repair.status === "requested") return advice.blocked ? ["plan", ...safer, "ask"] : ["plan"];
  return [];
}
