/** "Afstemming": the list of what is to be decided, and one case of it, which is fetched when it is opened. */
import { loadScreenWords } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { todayOf } from "../../today.js";
import { createInbox } from "./inbox.js";

/** @typedef {import("../panel/panel.js").View} View */
/** @typedef {[state: import("../../state.js").State, person: import("../../person.js").Someone]} Shared */

/** @type {import("./inbox.js").Inbox | undefined} */
let inbox;

/** The list, the same one for every case. @param {Shared} shared */
async function openInbox(...shared) {
  await Promise.all([loadScreenWords("desk"), loadStyle(new URL("../../../css/decision.css", import.meta.url))]);
  return (inbox ??= createInbox(...shared));
}

/** @param {Shared} shared @returns {Promise<View[]>} */
export const loadInbox = async (...shared) => [(await openInbox(...shared)).view];

/** @param {import("../../opened.js").Opened} opened @param {import("../../status.js").StatusSource} status @param {Shared} shared @returns {Promise<View[]>} */
export async function loadCase(opened, status, ...shared) {
  const [{ createCase, loadLooks }, list, today] = await Promise.all([import("./case.js"), openInbox(...shared), todayOf(status)]);
  await loadLooks();
  return [createCase(shared[0], shared[1], opened, list, today)];
}
