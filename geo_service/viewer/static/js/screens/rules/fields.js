/** A rule as a sentence with fields: each is a labelled input with its unit, what it was, and the range that is believable. */
import { measure, measureInput } from "../../amounts.js";
import { el } from "../../dom.js";
import { DEPARTMENTS } from "../../departments.js";
import { number, t, word } from "../../i18n.js";

/** @typedef {import("openapi").Rule} Rule */
/** @typedef {keyof Rule & ("clearance_m" | "before_days" | "after_days" | "least_share" | "ends_within_days" | "least_count" | "window_days" | "owners" | "severity" | "blocking" | "same_side" | "departments")} FieldName */
/** What a form holds. @typedef {Partial<Record<FieldName, unknown>>} Values */

const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const OWNERS = ["any", "same", "different"];
/** As domain/rules.py. @type {Partial<Record<FieldName, {least: number, most: number, step: string}>>} */
const RANGES = {
  clearance_m: { least: 0, most: 50, step: "0.1" },
  before_days: { least: 0, most: 3650, step: "1" },
  after_days: { least: 0, most: 3650, step: "1" },
  least_share: { least: 0, most: 100, step: "1" },
  ends_within_days: { least: 0, most: 3650, step: "1" },
  least_count: { least: 2, most: 1000, step: "1" },
  window_days: { least: 1, most: 3650, step: "1" },
};
/** People read a share in per cent. */
const PER_CENT = "least_share";
const ON_REPAIRS = ["investment", "repair", "defect"];

/**
 * @param {Rule} rule
 * @param {() => void} typed is called at each change
 * @param {Rule} [shown] whose values the fields begin with: an earlier version, to put it back
 */
export function createFields(rule, typed, shown = rule) {
  const uses = {
    numbers: /** @type {FieldName[]} */ (["clearance_m", "before_days", "after_days", "least_share", ...(rule.ends_within_days === null ? [] : ["ends_within_days"]), ...(rule.least_count === null ? [] : ["least_count", "window_days"])]),
    blocking: rule.kinds_a.every((kind) => ON_REPAIRS.includes(kind)),
  };
  const numbers = uses.numbers.map((name) => numberField(name, rule[name], shown[name] ?? rule[name], typed));
  const owners = select("owners", OWNERS.map((code) => [code, word("rules_owners", code)]), shown.owners, typed);
  const severity = select("severity", [["", t("rules.from_money")], ...SEVERITIES.map((code) => /** @type {[string, string]} */ ([code, word("severity", code)]))], shown.severity ?? "", typed);
  const sameSide = tick("same_side", shown.same_side, typed);
  const blocking = tick("blocking", shown.blocking, typed);
  const departments = DEPARTMENTS.map((code) => ({ code, box: el("input", { type: "checkbox", checked: shown.departments.includes(code), onchange: typed }) }));
  const desks = el("fieldset", { class: "choices" }, el("legend", {}, t("rules.departments")), ...departments.map(({ code, box }) => el("label", {}, box, el("span", {}, word("department", code)))), el("small", { class: "wrong" }));
  const kinds = (/** @type {string[]} */ codes) => codes.map((code) => word("rules_claim", code)).join(t("rules.or"));
  const sentence = el("p", { class: "rule-sentence" }, capital(t(rule.opportunity ? "rules.sentence_chance" : "rules.sentence", { a: kinds(rule.kinds_a), b: kinds(rule.kinds_b) })));
  const element = el("div", { class: "rule-fields" }, sentence, ...numbers.map((one) => one.element), owners.element, severity.element, sameSide.element, uses.blocking && blocking.element, desks);
  const wrongs = new Map([...numbers.map((one) => /** @type {[string, HTMLElement]} */ ([one.name, one.wrong])), ["departments", /** @type {HTMLElement} */ (desks.querySelector(".wrong"))]]);

  /** What differs from the rule as it stands; null while a field cannot be read. @returns {Values | null} */
  function changes() {
    /** @type {Values} */
    const values = { owners: owners.input.value, severity: severity.input.value || null, same_side: sameSide.input.checked, ...(uses.blocking && { blocking: blocking.input.checked }), departments: departments.filter(({ box }) => box.checked).map(({ code }) => code) };
    for (const one of numbers) {
      if (!one.isRight()) return null;
      values[one.name] = one.value();
    }
    if (/** @type {string[]} */ (values.departments).length === 0) return null;
    return Object.fromEntries(Object.entries(values).filter(([name, value]) => !isSame(value, rule[/** @type {FieldName} */ (name)])));
  }

  return {
    element,
    changes,
    /** Says at each field what is wrong with it. */
    check() {
      for (const one of numbers) one.check();
      const none = departments.every(({ box }) => !box.checked);
      (wrongs.get("departments") ?? el("i")).textContent = none ? t("rules.no_department") : "";
    },
    /** Nobody may type. */
    lock() {
      for (const input of element.querySelectorAll("input, select")) input.setAttribute("disabled", "");
    },
  };
}

/** @param {string} sentence */
const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** @param {unknown} a @param {unknown} b */
const isSame = (a, b) => (Array.isArray(a) && Array.isArray(b) ? [...a].sort().join() === [...b].sort().join() : a === b);

let made = 0;

/** @param {FieldName} name @param {unknown} now @param {unknown} first @param {() => void} typed */
function numberField(name, now, first, typed) {
  const range = RANGES[name] ?? { least: 0, most: 1, step: "1" };
  const factor = name === PER_CENT ? 100 : 1;
  const shown = (/** @type {unknown} */ one) => Math.round(Number(one) * factor * 1000) / 1000;
  const start = shown(now);
  const id = `regel-${(made += 1)}`;
  const isWhole = range.step === "1";
  const input = measureInput(shown(first), { ...range, integer: isWhole });
  input.id = id;
  input.setAttribute("aria-describedby", `${id}-uitleg ${id}-fout`);
  input.addEventListener("input", typed);
  const wrong = el("small", { class: "wrong", id: `${id}-fout` });
  const hint = el("small", { id: `${id}-uitleg` }, t("rules.range", { least: number(range.least, 3), most: number(range.most, 3), unit: word("rules_unit", name), now: number(start, 3) }));
  const amount = () => measure(input.value);
  const isRight = () => {
    const now = amount();
    return typeof now === "number" && now >= range.least && now <= range.most && (!isWhole || Number.isInteger(now));
  };
  return {
    name,
    input,
    wrong,
    isRight,
    value: () => Number(amount()) / factor,
    check() {
      wrong.textContent = isRight() ? "" : typeof amount() === "string" || (isWhole && typeof amount() === "number" && !Number.isInteger(amount())) ? input.validationMessage : t("rules.between", { field: word("rules_field", name), least: number(range.least, 3), most: number(range.most, 3), unit: word("rules_unit", name) });
      if (isRight()) input.removeAttribute("aria-invalid");
      else input.setAttribute("aria-invalid", "true");
    },
    element: el("div", { class: "field" }, el("label", { for: id }, word("rules_field", name)), el("span", { class: "with-unit" }, input, el("span", { "aria-hidden": "true" }, word("rules_unit", name))), hint, wrong),
  };
}

/** @param {FieldName} name @param {[string, string][]} options @param {string} now @param {() => void} typed */
function select(name, options, now, typed) {
  const id = `regel-${(made += 1)}`;
  const input = el("select", { id, onchange: typed }, ...options.map(([value, words]) => el("option", { value }, words)));
  input.value = now;
  return { input, element: el("div", { class: "field" }, el("label", { for: id }, word("rules_field", name)), input) };
}

/** @param {FieldName} name @param {boolean} now @param {() => void} typed */
function tick(name, now, typed) {
  const input = el("input", { type: "checkbox", checked: now, onchange: typed });
  return { input, element: el("label", { class: "tick full" }, input, el("span", {}, word("rules_field", name))) };
}
