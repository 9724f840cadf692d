/** Tables of the administration: real ones, whose rows are laid again when what they show changed; on a phone each cell says its own head. */
import { el } from "../../dom.js";
import { t } from "../../i18n.js";
import { refill } from "../../refill.js";

/**
 * @template T
 * @typedef {object} Column
 * @property {string} head key of its words
 * @property {(row: T) => import("../../dom.js").Child | import("../../dom.js").Child[]} cell
 * @property {boolean} [isNumber] figures line up at the right
 */

/**
 * @template T
 * @param {string} caption key of what it lists
 * @param {Column<T>[]} columns the first names the row
 * @param {(row: T) => Record<string, unknown>} [marks] attributes of a row
 */
export function createTable(caption, columns, marks = () => ({})) {
  const body = el("tbody");
  const heads = columns.map(({ head, isNumber }) => el("th", { scope: "col", class: isNumber ? "figure" : undefined }, t(head)));
  const element = el("table", { class: "stack list-table" }, el("caption", { class: "vh" }, t(caption)), el("thead", {}, el("tr", {}, ...heads)), body);
  return {
    element,
    /** @param {readonly T[]} rows */
    show(rows) {
      element.hidden = rows.length === 0;
      refill(body, ...rows.map((row) => el("tr", marks(row), ...columns.map((column, n) => cell(column, row, n === 0)))));
    },
  };
}

/** @template T @param {Column<T>} column @param {T} row @param {boolean} isName */
function cell(column, row, isName) {
  const content = column.cell(row);
  const words = Array.isArray(content) ? content : [content];
  if (isName) return el("th", { scope: "row" }, ...words);
  return el("td", { "data-head": t(column.head), class: column.isNumber ? "figure" : undefined }, el("div", {}, ...words));
}
