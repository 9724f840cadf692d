/** "Afstemming": the list of what is to be decided, and one case of it. */
import { createCase } from "./case.js";
import { createInbox } from "./inbox.js";

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 */
export function createCases(state, person, opened) {
  const inbox = createInbox(state);
  return [createCase(state, person, opened, inbox).view, inbox.view];
}
