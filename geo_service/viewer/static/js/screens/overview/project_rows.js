/** Fields of the form of a building project, and what it has several of: a line of fields for each. */
import { euros } from "../../amounts.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { t } from "../../i18n.js";

/** @typedef {HTMLInputElement | HTMLSelectElement} Input */
/** @typedef {{name: string, label: string, input: (value: any) => Input}} Cell `name` as the service knows it, `label` a key */

/** @param {string | null} [value] */
export const text = (value) => el("input", { type: "text", maxlength: "100", autocomplete: "off", value: value ?? "" });
/** @param {string | null} [value] */
export const date = (value) => el("input", { type: "date", value: value ?? "" });
/** @param {boolean} [value] */
export const tick = (value) => el("input", { type: "checkbox", checked: value });

/** @template {Input} I @param {I} input */
export function required(input) {
  input.required = true;
  return input;
}

/**
 * @param {string} legend
 * @param {string} add words of the button
 * @param {readonly Cell[]} cells of each line
 * @param {readonly Record<string, any>[]} items
 */
export function createRows(legend, add, cells, items) {
  /** @type {Map<HTMLElement, Map<string, Input>>} */
  const rows = new Map();
  const place = el("div", { class: "project-rows" });
  const more = el("button", { class: "btn", type: "button", onclick: () => put({})?.focus() }, add);
  const element = el("fieldset", { class: "full" }, el("legend", {}, legend), place, more);

  /** @param {Record<string, any>} item */
  function put(item) {
    const inputs = cells.map((cell) => cell.input(item[cell.name]));
    const row = el("div", { class: "project-row" }, ...cells.map(({ label }, n) => field(label, /** @type {Input} */ (inputs[n]))));
    const drop = () => {
      rows.delete(row);
      fill(place, ...rows.keys());
      more.focus();
    };
    row.append(el("button", { class: "btn icon", type: "button", "aria-label": t("overview.project.remove_row"), onclick: drop }, "×"));
    rows.set(row, new Map(cells.map(({ name }, n) => [name, /** @type {Input} */ (inputs[n])])));
    place.append(row);
    return inputs[0];
  }

  for (const item of items) put(item);
  return { element, values: () => [...rows.values()].map((inputs) => Object.fromEntries([...inputs].map(([name, input]) => [name, valueOf(input)]))) };
}

/** What stands in a field, as the service takes it. @param {Input} input */
function valueOf(input) {
  if (input instanceof HTMLInputElement && input.type === "checkbox") return input.checked;
  return input.inputMode === "decimal" ? euros(input.value) : input.value.trim() || null;
}
