/** One thing in the panel, with the words and looks of the steps and the evidence of a conflict. */
import { loadScreenWords } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { todayOf } from "../../today.js";
import { createDetail } from "./detail.js";

/** @typedef {[state: import("../../state.js").State, person: import("../../person.js").Someone, opened: import("../../opened.js").Opened]} Shared */

/** @param {import("../../status.js").StatusSource} status @param {Shared} shared @returns {Promise<import("../panel/panel.js").View[]>} */
export async function loadDetail(status, ...shared) {
  const css = (/** @type {string} */ name) => loadStyle(new URL(`../../../css/${name}.css`, import.meta.url));
  const [today] = await Promise.all([todayOf(status), loadScreenWords("desk"), css("decision"), css("evidence")]);
  return [createDetail(...shared, today)];
}
