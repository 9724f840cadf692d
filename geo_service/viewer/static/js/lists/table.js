/** A list as a table, in the columns that are chosen. */
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { textOf } from "./columns.js";

/** @template T @param {string} title key of its words @param {readonly import("./columns.js").Column<T>[]} columns @param {readonly T[]} rows */
export function listTable(title, columns, rows) {
  if (rows.length === 0) return null;
  const head = el("tr", {}, ...columns.map((one) => el("th", { scope: "col" }, t(one.head))));
  const lines = rows.map((row) => el("tr", {}, ...columns.map((one) => (one.isFixed ? el("th", { scope: "row" }, textOf(one, row)) : el("td", {}, textOf(one, row))))));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t(title) }, el("table", { class: "register" }, el("thead", {}, head), el("tbody", {}, ...lines)));
}
