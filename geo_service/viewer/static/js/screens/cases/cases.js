/** "Afstemming": the list of what is to be decided, and one case of it, which is fetched when it is opened. */
import { loadScreenWords } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { todayOf } from "../../today.js";
import { createInbox } from "./inbox.js";

/** @typedef {import("../panel/panel.js").View} View */
/** @typedef {[state: import("../../state.js").State, person: import("../../person.js").Someone, status: import("../../status.js").StatusSource]} Shared */

/** @type {import("./inbox.js").Inbox | undefined} */
let inbox;

/** The list, the same one for every case. @param {Shared[0]} state @param {Shared[1]} person @param {Shared[2]} status */
async function openInbox(state, person, status) {
  const [today] = await Promise.all([todayOf(status), loadScreenWords("desk"), loadStyle(new URL("../../../css/decision.css", import.meta.url))]);
  return (inbox ??= createInbox(state, person, today));
}

/** @param {Shared} shared @returns {Promise<View[]>} */
export const loadInbox = async (...shared) => [(await openInbox(...shared)).view];

/** @param {import("../../opened.js").Opened} opened @param {Shared} shared @returns {Promise<View[]>} */
export async function loadCase(opened, ...shared) {
  const [state, person, status] = shared;
  const [{ createCase, loadLooks }, list, today] = await Promise.all([import("./case.js"), openInbox(...shared), todayOf(status)]);
  await loadLooks();
  return [createCase(state, person, opened, list, today)];
}
