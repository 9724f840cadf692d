/** Amounts as people type them, and the fields for them: a number field would take the point of thousands for a comma. */
import { el } from "./dom.js";
import { number, t } from "./i18n.js";

const PLAIN = /^(?<whole>\d+)(?:[.,](?<cents>\d{1,2}))?$/;
/** Thousands apart by a point, a comma or a space, cents behind the other: three digits at the end are never cents. */
const GROUPED = /^(?<whole>[1-9]\d{0,2}([., \u00a0\u202f])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](?<cents>\d{1,2}))?$/;
const MEASURE = /^-?\d+(?:[.,]\d+)?$/;
/** "12.345,5": the sign that stands twice, or before another one, is that of thousands. */
const THOUSANDS = /^(?<whole>[1-9]\d{0,2}(?:([. \u00a0\u202f])\d{3})(?:\2\d{3})*),(?<rest>\d+)$/;
/** "12.500" may be twelve and a half, or twelve thousand five hundred. */
const AMBIGUOUS = /^-?[1-9]\d{0,2}[.,]\d{3}$/;

/** What somebody typed as euros; nothing typed is null. What is no amount goes as it is: the service says so. @param {string} typed */
export function euros(typed) {
  const text = typed.replace(/€|\beuro?s?\b|,-+\s*$/gi, "").trim();
  if (!text) return null;
  const { whole, cents = "0" } = (PLAIN.exec(text) ?? GROUPED.exec(text))?.groups ?? {};
  return whole ? Number(`${whole.replace(/\D/g, "")}.${cents}`) : text;
}

/** What somebody typed as a measure; nothing typed is null. What is no number, or may be two, goes as it is. @param {string} typed */
export function measure(typed) {
  const text = typed.trim();
  if (!text) return null;
  if (AMBIGUOUS.test(text)) return text;
  if (MEASURE.test(text)) return Number(text.replace(",", "."));
  const { whole, rest } = THOUSANDS.exec(text)?.groups ?? {};
  return whole ? Number(`${whole.replace(/\D/g, "")}.${rest ?? "0"}`) : text;
}

/** A field for euros, which takes nothing that is no amount. @param {number | null} [value] @param {{least: number, most: number}} [range] */
export function euroInput(value, range) {
  const cents = typeof value === "number" ? (Number.isInteger(value) ? String(value) : value.toFixed(2)) : "";
  return input(cents, euros, () => t("amount.no_amount"), range);
}

/** A field for a measure, which asks what is meant by "12.500". @param {number | null} [value] @param {{least: number, most: number, integer?: boolean}} [range] */
export function measureInput(value, range) {
  const text = value === null || value === undefined ? "" : String(value);
  return input(AMBIGUOUS.test(text) ? `${text}0` : text, measure, meant, range);
}

/** @param {string} typed */
function meant(typed) {
  const [whole = "", rest = ""] = typed.trim().split(/[.,]/);
  const small = number(Number(`${whole}.${rest}`), 3);
  // with three decimals it would be asked about again
  return AMBIGUOUS.test(typed.trim()) ? t("amount.ambiguous", { small: rest.endsWith("0") ? small : `${small}0`, large: `${whole}${rest}` }) : t("amount.no_number");
}

/** @param {string} value with a point @param {(typed: string) => number | string | null} read @param {(typed: string) => string} wrong @param {{least: number, most: number, integer?: boolean}} [range] */
function input(value, read, wrong, range) {
  const shown = t("import.csv.delimiter") === ";" ? value.replace(".", ",") : value;
  const field = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", value: shown, oninput: check });

  function check() {
    const amount = read(field.value);
    const isOutside = range && typeof amount === "number" && (amount < range.least || amount > range.most);
    const isBroken = range?.integer && typeof amount === "number" && !Number.isInteger(amount);
    field.setCustomValidity(typeof amount === "string" ? wrong(field.value) : isBroken ? t("amount.no_integer") : isOutside ? t("amount.between", { least: number(range.least, 3), most: number(range.most, 3) }) : "");
  }
  return field;
}
