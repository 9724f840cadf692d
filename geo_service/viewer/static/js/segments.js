/** A choice of a few, all in sight. */
import { el, icon } from "./dom.js";

/** @template {string} T @typedef {{value: T, label: string, icon?: "safe"}} Choice */

/**
 * A row of radio buttons that looks like one control.
 * @template {string} T
 * @param {string} name
 * @param {string} title
 * @param {Choice<T>[]} options
 * @param {(value: T) => void} onChoose
 */
export function segments(name, title, options, onChoose) {
  const inputs = options.map(({ value }) => el("input", { type: "radio", name, value, onchange: () => onChoose(value) }));
  const labels = options.map((option, i) => el("label", {}, inputs[i], el("span", {}, option.icon && icon(option.icon, "s"), option.label)));
  const element = el("div", { class: "seg", role: "radiogroup", "aria-label": title }, ...labels);
  return {
    element,
    /** @param {T | null} value */
    choose(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}
