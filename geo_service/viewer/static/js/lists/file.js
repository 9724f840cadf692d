/** A button that saves rows as a file for a spreadsheet, and what came of it. */
import { el } from "../dom.js";
import { number, shiftDay, t } from "../i18n.js";
import { csvOf } from "./csv.js";

/** @typedef {import("./columns.js").Column<any>} Column */

/** The words of `lists` are there before. @param {string} list @param {() => readonly Column[]} columns @param {() => any[] | Promise<any[]>} rows */
export function fileButton(list, columns, rows) {
  const note = el("span", { class: "small", role: "status" });
  const button = el("button", { class: "btn", type: "button", onclick: download }, t("lists.csv"));

  async function download() {
    button.disabled = true;
    note.textContent = t("lists.busy");
    try {
      const all = await rows();
      const inFile = columns().filter(({ isPersonal }) => !isPersonal);
      const name = `${t(`lists.file.${list}`)}-${shiftDay(new Date().toISOString(), 0)}.csv`;
      save(csvOf([inFile.map(({ head }) => t(head)), ...all.map((row) => inFile.map(({ value }) => value(row)))], t("import.csv.delimiter")), name);
      note.textContent = t("lists.saved", { n: all.length, count: number(all.length, 0), name });
    } catch (error) {
      note.textContent = /** @type {Error} */ (error).message;
    } finally {
      button.disabled = false;
    }
  }

  return { element: el("div", { class: "steps" }, button, note), note };
}

/** @param {string} content @param {string} name of the file */
function save(content, name) {
  const url = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // some browsers read it later
}
