/** A form of the administration: what the service refuses stands at its field, and nothing typed is lost. */
import { Problem } from "../../api.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { t } from "../../i18n.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Input */
/** @typedef {{name: string, label: string, input: Input, hint?: string}} Entry `name` as the service knows it, `label` a key */

/**
 * @param {string} confirm key of the button, which names what it does
 * @param {Entry[]} entries
 * @param {(values: Record<string, string>) => Promise<unknown>} act
 * @param {HTMLElement[]} [others] between the fields and the button
 */
export function createForm(confirm, entries, act, others = []) {
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const button = el("button", { class: "btn primary", type: "submit" }, t(confirm));
  const steps = el("div", { class: "steps" }, button);
  const places = new Map(entries.map((one) => [one.name, place(one)]));
  const element = el("form", { class: "admin-form", onsubmit: submit }, ...[...places.values()].map((one) => one.element), ...others, problem, steps);

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (button.disabled) return;
    clear();
    button.disabled = true;
    button.textContent = t("admin.busy");
    try {
      await act(Object.fromEntries(entries.map((one) => [one.name, one.input.value.trim()])));
    } catch (error) {
      say(/** @type {Error} */ (error));
    } finally {
      button.disabled = false;
      button.textContent = t(confirm);
    }
  }

  function clear() {
    problem.hidden = true;
    for (const one of places.values()) one.say("");
  }

  /** @param {Error} error */
  function say(error) {
    /** @type {{field: string, message: string}[]} */
    const errors = (error instanceof Problem && /** @type {any} */ (error.body)?.errors) || [];
    const rest = errors.filter((one) => !places.has(one.field));
    for (const one of errors) places.get(one.field)?.say(one.message);
    const reasons = error instanceof Problem && errors.length === 0 ? error.reasons : rest.map((one) => one.message);
    fill(problem, el("p", {}, el("b", {}, error.message), ` ${reasons.join("; ")}`));
    problem.hidden = false;
    entries.find((one) => one.input.getAttribute("aria-invalid"))?.input.focus();
  }

  return {
    element,
    /** The row of buttons. */
    steps,
    say,
    reset() {
      element.reset();
      clear();
    },
  };
}

/** @param {Entry} entry */
function place({ label, input, hint }) {
  const element = field(label, input, hint);
  const described = input.getAttribute("aria-describedby");
  const wrong = el("small", { class: "wrong", id: `${input.id}-fout` });
  element.append(wrong);
  return {
    element,
    /** @param {string} message empty: nothing is wrong */
    say(message) {
      wrong.textContent = message;
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      const ids = [described, message && wrong.id].filter(Boolean).join(" ");
      if (ids) input.setAttribute("aria-describedby", ids);
      else input.removeAttribute("aria-describedby");
    },
  };
}

/** @param {[value: string, words: string][]} options @param {string} [chosen] */
export function choice(options, chosen) {
  const select = el("select", {}, ...options.map(([value, words]) => el("option", { value }, words)));
  if (chosen !== undefined) select.value = chosen;
  return select;
}

/**
 * A button that asks once more before it does what cannot be undone.
 * @param {string} words what it does
 * @param {string} confirm what it does, once more
 * @param {() => Promise<unknown>} act
 * @param {string} [subject] of what, for who does not see the row
 */
export function sureButton(words, confirm, act, subject = "") {
  const name = subject && el("span", { class: "vh" }, ` ${subject}`);
  const button = el("button", { class: "btn", type: "button" }, words, name);
  let isAsked = false;
  button.addEventListener("click", async () => {
    if (!isAsked) {
      isAsked = true;
      fill(button, confirm, name);
      return;
    }
    button.disabled = true;
    try {
      await act();
    } finally {
      button.disabled = isAsked = false;
      fill(button, words, name);
    }
  });
  button.addEventListener("blur", () => {
    isAsked = false;
    if (!button.disabled) fill(button, words, name);
  });
  return button;
}
