/** "Herstellingen": the worklist, and one repair of it. */
import { shiftDay } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { createPlan } from "../plan/plan.js";
import { createRepair } from "./repair.js";
import { createWorklist } from "./worklist.js";

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @param {import("../../status.js").StatusSource} status
 */
export async function createRepairs(state, person, opened, status) {
  await Promise.all([loadStyle(new URL("../../../css/decision.css", import.meta.url)), loadStyle(new URL("../../../css/repairs.css", import.meta.url))]);
  const today = () => status.current?.today ?? shiftDay(new Date().toISOString(), 0);
  return [createRepair(state, person, opened, status, today), createWorklist(state, person, today), createPlan(state, person)];
}
