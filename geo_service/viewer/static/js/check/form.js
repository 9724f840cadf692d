/** Size, state and day of the repair. Built once, so focus stays where it is while answers come and go. */
import { el, fill, icon } from "../dom.js";
import { day, notPast, t } from "../i18n.js";
import { numbers } from "../place.js";
import { kant } from "./ask.js";

/** @typedef {import("openapi").Pavement} Section */
/** @typedef {{value: string, label: string, icon?: "safe"}} Choice */

/**
 * @param {import("../state.js").State} state
 * @param {() => string} today
 */
export function createForm(state, today) {
  const scope = segments("omvang", t("check.scope"), choices("omvang", ["plek", "vak"]), (v) => state.go({ omvang: v }));
  const urgency = segments("toestand", t("check.state"), choices("toestand", ["gewoon", "hinder", "gevaar"]), (v) => state.go({ toestand: v }));
  /** @type {Choice[]} */
  const yesNo = [{ value: "gewoon", label: t("check.no_danger") }, { value: "gevaar", label: t("toestand.gevaar"), icon: "safe" }];
  const danger = segments("gevaar", t("check.is_danger"), yesNo, (v) => state.go({ toestand: v }));
  const date = el("input", { type: "date", id: "op" });
  date.addEventListener("change", () => date.value && state.go({ op: date.value }));

  const sides = el("div", { class: "view" });
  const form = el("div", { class: "form desk-only" }, label(t("check.scope")), scope.element, label(t("check.state")), urgency.element, el("label", { class: "label", for: "op" }, t("check.day")), date);
  const fold = el("button", { class: "btn phone-only", type: "button", "aria-expanded": "false" });
  fold.addEventListener("click", () => {
    const hidden = form.classList.toggle("desk-only");
    fold.setAttribute("aria-expanded", String(!hidden));
    if (!hidden) form.querySelector("input")?.focus();
  });
  const quick = el("div", { class: "quick phone-only" }, danger.element);

  return {
    sides,
    quick,
    fold,
    form,
    /** @param {import("../state.js").ViewState} now */
    show(now) {
      const [omvang, toestand, op] = [now.omvang ?? "vak", now.toestand ?? "gewoon", notPast(now.op, today())];
      scope.choose(omvang);
      urgency.choose(toestand);
      danger.choose(toestand === "gevaar" ? "gevaar" : "gewoon");
      date.min = today();
      if (document.activeElement !== date) date.value = op;
      fill(fold, t("check.summary", { scope: t(`omvang.${omvang}`), day: day(op) }));
    },
    /** The sides of the street to choose from. @param {Section[]} options @param {Section} chosen */
    showSides(options, chosen) {
      const known = options.length > 1 && options.some((option) => option.side === chosen.side);
      if (!known) return fill(sides);
      const list = options.map((option) => ({ value: kant(option), label: `${t(`side.short.${option.side}`)} ${numbers(option)}` }));
      const choice = segments("kant", t("check.side"), list, (v) => state.go({ kant: v }));
      const hadFocus = sides.contains(document.activeElement);
      choice.choose(kant(chosen));
      fill(sides, choice.element);
      if (hadFocus) /** @type {HTMLInputElement | null} */ (choice.element.querySelector("input:checked"))?.focus();
    },
  };
}

/** @param {string} text */
const label = (text) => el("span", { class: "label", "aria-hidden": "true" }, text);

/** @param {string} group @param {string[]} values @returns {Choice[]} */
const choices = (group, values) => values.map((value) => ({ value, label: t(`${group}.${value}`) }));

/**
 * A row of radio buttons that looks like one control.
 * @param {string} name
 * @param {string} title
 * @param {Choice[]} options
 * @param {(value: string) => void} onChoose
 */
export function segments(name, title, options, onChoose) {
  const inputs = options.map(({ value }) => el("input", { type: "radio", name, value, onchange: () => onChoose(value) }));
  const labels = options.map((option, i) => el("label", {}, inputs[i], el("span", {}, option.icon && icon(option.icon, "s"), option.label)));
  const element = el("div", { class: "seg", role: "radiogroup", "aria-label": title }, ...labels);
  return {
    element,
    /** @param {string} value */
    choose(value) {
      for (const input of inputs) input.checked = input.value === value;
    },
  };
}
