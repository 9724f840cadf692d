/** "Cijfers van de stad": prices, lives and terms, each with its range, where it comes from, and what is still an example. */
import { measure, measureInput } from "../../amounts.js";
import { get, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { moment, number, t, word } from "../../i18n.js";
import { createForm } from "../admin/form.js";
import { createNotice } from "../admin/notice.js";
import { createReader } from "../admin/reader.js";
import { createTable } from "../admin/table.js";

/** @typedef {import("openapi").Parameter} Parameter */

const PATIENCE_MS = 300_000;
/** By how a name ends. */
const UNITS = ["eur_per_m2", "eur_per_km", "km_per_hour", "hours", "eur", "m2", "m", "days", "years", "months", "share"];

/** @param {() => boolean} mayChange */
export function createParameters(mayChange) {
  const notice = createNotice();
  const editor = el("div", { class: "admin-box", hidden: true });
  const only = el("input", { type: "checkbox", onchange: () => lay() });
  const table = createTable(
    "rules.numbers",
    [
      { head: "rules.number", cell: (/** @type {Parameter} */ one) => [word("rules_parameter", one.name), " ", one.placeholder && el("span", { class: "chip strong" }, t("rules.placeholder"))] },
      { head: "rules.value", isNumber: true, cell: (/** @type {Parameter} */ one) => el("b", {}, withUnit(one, one.value)) },
      { head: "rules.default", isNumber: true, cell: (/** @type {Parameter} */ one) => withUnit(one, one.default) },
      { head: "rules.source", cell: (/** @type {Parameter} */ one) => (one.version > 0 ? [one.source, el("small", {}, ` ${[one.changed_by, one.updated_at && moment(one.updated_at)].filter(Boolean).join(", ")}`)] : t("rules.of_service")) },
      { head: "admin.users.steps", cell: (/** @type {Parameter} */ one) => mayChange() && el("button", { class: "btn", type: "button", onclick: () => edit(one) }, t("rules.change"), el("span", { class: "vh" }, ` ${word("rules_parameter", one.name)}`)) },
    ],
    (one) => ({ "data-parameter": one.name, "data-placeholder": one.placeholder || undefined }),
  );
  /** @type {Parameter[]} */
  let items = [];
  const reader = createReader(
    () => get("/parameters"),
    (/** @type {{items: Parameter[]}} */ page) => {
      items = page.items;
      lay();
      const open = items.filter((one) => one.placeholder).length;
      return open === 0 ? t("rules.no_placeholders") : t("rules.placeholders", { n: open });
    },
  );

  function lay() {
    table.show(items.filter((one) => !only.checked || one.placeholder || one.version > 0));
  }

  /** @param {Parameter} one */
  function edit(one) {
    const value = measureInput(one.value, one);
    value.required = true;
    const source = el("input", { type: "text", required: true, minlength: "3", maxlength: "500", value: one.source ?? "", autocomplete: "off" });
    const cancel = el("button", { class: "btn", type: "button", onclick: () => (editor.hidden = true) }, t("decision.cancel"));
    const form = createForm(
      "rules.set",
      [
        { name: one.name, label: "rules.value", input: value, hint: t("rules.range", { least: number(one.least, 3), most: number(one.most, 3), unit: unit(one), now: number(one.default, 3) }) },
        { name: "source", label: "rules.source", input: source, hint: t("rules.source_hint") },
      ],
      async (values) => {
        const done = await send("PUT", `/parameters/${one.name}`, { value: measure(values[one.name] ?? ""), source: values.source }, { etag: `"${one.version}"`, patience: PATIENCE_MS });
        editor.hidden = true;
        const words = t("rules.number_set", { name: word("rules_parameter", one.name), value: withUnit(one, done.value), opened: done.opened, closed: done.closed, alerts: done.alerts });
        await reader.load();
        notice.show(words);
      },
      [cancel],
    );
    fill(editor, el("h2", {}, word("rules_parameter", one.name)), el("p", { class: "small" }, t("rules.number_lead")), form.element);
    editor.hidden = false;
    value.focus();
  }

  const tick = el("label", { class: "tick" }, only, el("span", {}, t("rules.only_own")));
  return { element: el("div", { class: "admin-part" }, el("p", { class: "small" }, t("rules.numbers_lead")), notice.element, editor, el("div", { class: "board-head" }, reader.element, tick), table.element), show: () => reader.load() };
}

/** @param {Parameter} one */
const unit = (one) => {
  const ending = UNITS.find((name) => one.name.endsWith(`_${name}`));
  return ending ? word("rules_unit_of", ending) : "";
};

/** @param {Parameter} one @param {number} value */
const withUnit = (one, value) => `${number(value, 3)} ${unit(one)}`.trim();
