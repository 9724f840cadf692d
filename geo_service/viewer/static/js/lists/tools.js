/** What stands above a list: which columns it shows, and all of its rows as a file. */
import { change } from "../api.js";
import { el } from "../dom.js";
import { loadScreenWords, number, shiftDay, t } from "../i18n.js";
import { loadStyle } from "../style.js";
import { chosenColumns, preferenceOf, textOf } from "./columns.js";
import { csvOf } from "./csv.js";

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
  const note = el("span", { class: "small", role: "status" });
  const file = el("button", { class: "btn", type: "button", onclick: download }, t("lists.csv"));
  const free = list.columns.filter(({ isFixed }) => !isFixed);
  const boxes = free.map(({ name }) => el("input", { type: "checkbox", value: name, onchange: choose }));
  const labels = boxes.map((box, n) => el("label", {}, box, el("span", {}, t(free[n]?.head ?? ""))));
  const folded = el("details", { class: "open-up" }, el("summary", {}, t("lists.columns")), el("fieldset", { class: "choices" }, el("legend", { class: "vh" }, t("lists.columns")), ...labels));
  const element = el("div", { class: "list-tools" }, folded, el("div", { class: "steps" }, file, note));
  const columns = () => chosenColumns(list.columns, list.name, state, person);

  function show() {
    const names = columns().map(({ name }) => name);
    for (const box of boxes) box.checked = names.includes(box.value);
  }

  async function choose() {
    const names = boxes.filter((box) => box.checked).map((box) => box.value);
    note.textContent = "";
    try {
      if (person.current?.user_id) {
        await change("/me", { preferences: { [preferenceOf(list.name)]: names.length > 0 ? names : null } }, "", "PATCH");
        await person.load();
        if (state.now.columns) state.swap({ columns: null });
      } else state.swap({ columns: names.join(",") || null });
      list.changed();
    } catch (error) {
      note.textContent = /** @type {Error} */ (error).message;
      show();
    }
  }

  async function download() {
    file.disabled = true;
    note.textContent = t("lists.busy");
    try {
      const rows = await list.rows();
      const inFile = columns().filter(({ isPersonal }) => !isPersonal);
      const name = `${t(`lists.file.${list.name}`)}-${shiftDay(new Date().toISOString(), 0)}.csv`;
      save(csvOf([inFile.map(({ head }) => t(head)), ...rows.map((row) => inFile.map(({ value }) => value(row)))], t("import.csv.delimiter")), name);
      note.textContent = t("lists.saved", { n: rows.length, count: number(rows.length, 0), name });
    } catch (error) {
      note.textContent = /** @type {Error} */ (error).message;
    } finally {
      file.disabled = false;
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

/** @param {string} content @param {string} name of the file */
function save(content, name) {
  const url = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it later
}
