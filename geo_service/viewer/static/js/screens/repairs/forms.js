/** What a step with a repair asks for; the other steps are taken at once. */
import { euroInput, euros, measure, measureInput } from "../../amounts.js";
import { el } from "../../dom.js";
import { field } from "../../fields.js";
import { notPast, shiftDay, t, word } from "../../i18n.js";
import { may } from "../../person.js";

/** @typedef {import("./steps.js").Item} Item */
/** @typedef {{fields: HTMLElement[], body: () => Record<string, unknown>}} Form */

const SCOPES = ["spot", "section", "area"];
/** Characters of a reason that somebody can follow a year later (coordination/scheduling.py). */
const MIN_REASON = 15;

/** The days of a repair; who may go against works says why. @param {Item} item @param {string} today @param {string} role @returns {Form} */
export function planning({ repair, advice }, today, role) {
  const first = notPast((advice.blocked && advice.until) || (repair.planned?.starts_on ?? null), today);
  const from = el("input", { type: "date", value: first, min: today, required: true });
  const to = el("input", { type: "date", value: first, min: first, required: true });
  from.addEventListener("change", () => {
    to.min = from.value;
    if (to.value < from.value) to.value = from.value;
  });
  const reason = el("textarea", { rows: "2", maxlength: "2000" });
  const mayOverride = advice.blocked && may(role, "override");
  return {
    fields: [field("repairs.from", from), field("repairs.to", to), ...(mayOverride ? [field("repairs.override", reason, t("decision.reason_hint", { n: MIN_REASON }))] : [])],
    body: () => ({ starts_on: from.value, ends_on: shiftDay(to.value, 1), override_reason: reason.value.trim() || null }),
  };
}

/** What was done, so that the surface is protected from that day. @param {Item} item @param {string} today @returns {Form} */
export function finishing({ repair }, today) {
  const on = el("input", { type: "date", value: today, max: today, required: true });
  const radios = SCOPES.map((scope) => el("input", { type: "radio", name: `omvang-${repair.id}`, value: scope, checked: scope === repair.scope }));
  const area = measureInput(repair.area_m2, { least: 0.1, most: 100_000 });
  const cost = euroInput(null, { least: 0, most: 10_000_000 });
  const scopes = el("fieldset", { class: "choices" }, el("legend", {}, t("facts.scope")), ...radios.map((radio) => el("label", {}, radio, el("span", {}, word("scope", radio.value)))));
  return {
    fields: [field("repairs.finished_on", on), scopes, field("repairs.area", area), field("repairs.cost", cost)],
    body: () => ({ finished_on: on.value, scope: radios.find((radio) => radio.checked)?.value ?? repair.scope, area_m2: measure(area.value), cost_eur: euros(cost.value) }),
  };
}
