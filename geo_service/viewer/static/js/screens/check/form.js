/** Size, state and day of the repair. Built once, so focus stays where it is while answers come and go. */
import { address } from "../../address.js";
import { el, fill, icon } from "../../dom.js";
import { day, notPast, t } from "../../i18n.js";
import { isGround, numbers } from "../../place.js";
import { scopeOf } from "./ask.js";
import { segments } from "../../segments.js";

/** @typedef {import("../../place.js").Section} Section */

const SCOPES = /** @type {const} */ (["spot", "section"]);
const URGENCIES = /** @type {const} */ (["normal", "high", "danger"]);

/**
 * @param {import("../../state.js").State} state
 * @param {() => string} today
 */
export function createForm(state, today) {
  const scope = segments("scope", t("check.scope"), SCOPES.map((value) => ({ value, label: t(`scope.${value}`) })), (scope) => state.go({ scope }));
  const urgency = segments("urgency", t("check.state"), URGENCIES.map((value) => ({ value, label: t(`urgency.${value}`) })), (urgency) => state.go({ urgency }));
  /** @type {import("../../segments.js").Choice<"normal" | "danger">[]} */
  const yesNo = [{ value: "normal", label: t("check.no_danger") }, { value: "danger", label: t("urgency.danger"), icon: "safe" }];
  const danger = segments("danger", t("check.is_danger"), yesNo, (urgency) => state.go({ urgency }));
  const date = el("input", { type: "date", id: "op" });
  date.addEventListener("change", () => date.value && state.go({ day: date.value }));

  const sides = el("div", { class: "view" });
  const size = el("div", { class: "view" }, label(t("check.scope")), scope.element);
  const pen = el("a", { class: "btn quiet pen" }, icon("pen", "s"), t("check.draw"));
  const form = el("div", { class: "form desk-only" }, size, pen, label(t("check.state")), urgency.element, el("label", { class: "label", for: "op" }, t("check.day")), date);
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
    /** @param {import("../../address.js").ViewState} now */
    show(now) {
      const [level, repairDay] = [now.urgency ?? "normal", notPast(now.day, today())];
      size.hidden = isGround(now.place);
      pen.href = address({ draw: "area" });
      scope.choose(now.scope ?? "section");
      urgency.choose(level);
      danger.choose(level === "danger" ? "danger" : "normal");
      date.min = today();
      if (document.activeElement !== date) date.value = repairDay;
      fill(fold, t("check.summary", { scope: t(size.hidden ? "stretch.scope" : `scope.${scopeOf(now)}`), day: day(repairDay) }));
    },
    /** The sides of the street to choose from. @param {Section[]} options @param {Section} chosen */
    showSides(options, chosen) {
      const isChoice = options.length > 1 && options.some((option) => option.side === chosen.side);
      if (!isChoice) return fill(sides);
      const list = options.map((option) => ({ value: sideOf(option), label: `${t(`side.short.${option.side}`)} ${numbers(option)}` }));
      const choice = segments("side", t("check.side"), list, (side) => state.go({ side }));
      const hadFocus = sides.contains(document.activeElement);
      choice.choose(sideOf(chosen));
      fill(sides, choice.element);
      if (hadFocus) /** @type {HTMLInputElement | null} */ (choice.element.querySelector("input:checked"))?.focus();
    },
  };
}

/** @param {string} text */
const label = (text) => el("span", { class: "label", "aria-hidden": "true" }, text);

/** @param {Section} section */
const sideOf = (section) => /** @type {"even" | "odd"} */ (section.side);
