/** A field of a form: its label, the input, and what helps to fill it in. */
import { el } from "./dom.js";
import { t } from "./i18n.js";

let fields = 0;

/** @param {string} key of its label @param {HTMLElement} input @param {string} [hint] */
export function field(key, input, hint) {
  // a case and one of its conflicts may each have a form open
  input.id = `veld-${(fields += 1)}`;
  const id = `${input.id}-uitleg`;
  if (hint) input.setAttribute("aria-describedby", id);
  return el("div", { class: "field" }, el("label", { for: input.id }, t(key)), input, hint && el("small", { id }, hint));
}
