/** What stands above a list: which columns it shows, and all of its rows as a file. */
import { change } from "../api.js";
import { el } from "../dom.js";
import { loadScreenWords, t } from "../i18n.js";
import { loadStyle } from "../style.js";
import { chosenColumns, preferenceOf, textOf } from "./columns.js";
import { fileButton } from "./file.js";

/**
 * @template T
 * @typedef {object} List
 * @property {string} name
 * @property {readonly import("./columns.js").Column<T>[]} columns
 * @property {() => T[] | Promise<T[]>} rows all that the filters leave, not only those of a page
 * @property {() => unknown} changed is called when other columns are chosen
 */

/**
 * @template T
 * @param {List<T>} list
 * @param {import("../state.js").State} state
 * @param {import("../person.js").Someone} person
 */
export async function createTools(list, state, person) {
  await Promise.all([loadScreenWords("lists"), loadStyle(new URL("../../css/lists.css", import.meta.url))]);
  const columns = () => chosenColumns(list.columns, list.name, state, person);
  const file = fileButton(list.name, columns, list.rows);
  const free = list.columns.filter(({ isFixed }) => !isFixed);
  const boxes = free.map(({ name }) => el("input", { type: "checkbox", value: name, onchange: choose }));
  const labels = boxes.map((box, n) => el("label", {}, box, el("span", {}, t(free[n]?.head ?? ""))));
  const folded = el("details", { class: "open-up" }, el("summary", {}, t("lists.columns")), el("fieldset", { class: "choices" }, el("legend", { class: "vh" }, t("lists.columns")), ...labels));
  const element = el("div", { class: "list-tools" }, folded, file.element);

  function show() {
    const names = columns().map(({ name }) => name);
    for (const box of boxes) box.checked = names.includes(box.value);
  }

  async function choose() {
    const names = boxes.filter((box) => box.checked).map((box) => box.value);
    file.note.textContent = "";
    try {
      if (person.current?.user_id) {
        await change("/me", { preferences: { [preferenceOf(list.name)]: names.length > 0 ? names : null } }, "", "PATCH");
        await person.load();
        if (state.now.columns) state.swap({ columns: null });
      } else state.swap({ columns: names.join(",") || null });
      list.changed();
    } catch (error) {
      file.note.textContent = /** @type {Error} */ (error).message;
      show();
    }
  }

  show();
  return {
    element,
    columns,
    refresh: show,
    /** Whether a column is shown. @param {string} name */
    has: (name) => columns().some((one) => one.name === name),
    /** What a row shows beside the usual, in words. @param {T} row */
    extras: (row) => columns().filter(({ isExtra }) => isExtra).map((one) => `${t(one.head)}: ${textOf(one, row)}`),
  };
}
