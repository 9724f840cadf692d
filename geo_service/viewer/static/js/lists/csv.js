/** Rows as CSV that a spreadsheet opens by a double click, as geo_service/exports/csv_table.py writes it. */

/** A spreadsheet needs it to read the accents. */
const BYTE_ORDER_MARK = "\ufeff";
/** A text that begins so would run as a formula (OWASP: CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;

/** @typedef {string | number | boolean | null | undefined} Value */

/** @param {Value[][]} rows the heads first @param {string} delimiter `;` goes with a decimal comma */
export function csvOf(rows, delimiter) {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map((value) => cell(value, delimiter)).join(delimiter)}\r\n`).join("");
}

/** @param {Value} value @param {string} delimiter */
function cell(value, delimiter) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return delimiter === ";" ? String(value).replace(".", ",") : String(value);
  const text = FORMULA.test(String(value)) ? `'${value}` : String(value);
  return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
