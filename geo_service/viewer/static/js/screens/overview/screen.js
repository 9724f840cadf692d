/** "Overzicht", with its words and looks. */
import { loadScreenWords } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { todayOf } from "../../today.js";
import { createOverview } from "./overview.js";

/** @param {import("../../status.js").StatusSource} status @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person @returns {Promise<import("../panel/panel.js").View[]>} */
export async function loadOverview(status, state, person) {
  const css = (/** @type {string} */ name) => loadStyle(new URL(`../../../css/${name}.css`, import.meta.url));
  const [today] = await Promise.all([todayOf(status), loadScreenWords("overview"), loadScreenWords("lists"), css("decision"), css("overview")]);
  return [createOverview(state, person, today)];
}
