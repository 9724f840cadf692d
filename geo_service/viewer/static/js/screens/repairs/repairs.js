/** "Herstellingen": the worklist, and the week plan. One repair of it is fetched when it is opened (repair.js). */
import { shiftDay } from "../../i18n.js";
import { createPlan } from "../plan/plan.js";
import { loadStyles } from "./styles.js";
import { createWorklist } from "./worklist.js";

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../status.js").StatusSource} status
 */
export async function createRepairs(state, person, status) {
  await loadStyles();
  const today = () => status.current?.today ?? shiftDay(new Date().toISOString(), 0);
  return [createWorklist(state, person, status, today), createPlan(state, person)];
}
