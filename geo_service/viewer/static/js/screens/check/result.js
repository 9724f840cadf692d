/** Below the verdict: the facts, why, what else can be done, and the answer for whoever reported it. */
import { el, icon } from "../../dom.js";
import { day, money, period, since, t, word } from "../../i18n.js";
import { orderPart } from "./order.js";
import { certainty, factList, inputsOf, moneyFormula, sourceId, worksId, worksLink, worksParty } from "../../facts.js";

/** @typedef {import("openapi").FullAdvice} Advice */
/** @typedef {import("openapi").Reason} Reason */
/** @typedef {import("openapi").Alternative} Alternative */

/** @param {Advice} advice @param {(option: Alternative) => (() => void) | null} [actionOf] what a way on does when it is pressed */
export function resultParts(advice, actionOf = () => null) {
  const main = advice.reasons[0];
  const conflict = conflictOf(advice, main) ?? advice.conflicts[0];
  return [
    main?.owner ? keyFacts(advice, main) : null,
    advice.blocked && el("p", { class: "head" }, icon("block"), el("b", {}, t("check.blocked"))),
    why(advice),
    conflict && inputsOf(conflict),
    alternatives(advice.alternatives, actionOf),
    orderPart(advice.order),
    nearby(advice.nearby),
    toCopy("check.request", advice.request_text),
    toCopy("check.citizen", advice.citizen_text),
  ];
}

/** @param {Advice} advice @param {Reason} main */
function keyFacts(advice, main) {
  const conflict = conflictOf(advice, main);
  const chance = conflict?.facts.probability ?? main.probability;
  const money_ = advice.cost_at_risk_eur;
  return factList([
    [t("facts.works"), main.owner, " · ", sourceLink(advice, main)],
    main.starts_on && [t("facts.period"), period(main.starts_on, main.ends_on)],
    main.certainty && [t("facts.certainty"), ...certainty(main.certainty, chance)],
    money_ ? [t("facts.at_risk"), money(money_), " ", el("span", { class: "tiny" }, conflict ? moneyFormula(conflict.facts) : "")] : null,
    advice.until && advice.verdict !== "repair" && [t("facts.free_from"), day(advice.until)],
  ]);
}

/** @param {Advice} advice @param {Reason | undefined} reason */
function conflictOf(advice, reason) {
  const named = advice.conflicts.filter((conflict) => conflict.rule === (reason?.rule ?? reason?.code));
  return named.find((conflict) => sourceOf(conflict) === reason?.source_id) ?? named[0];
}

/** @param {import("openapi").Conflict} conflict */
function sourceOf(conflict) {
  return worksParty(conflict)?.works?.source_id;
}

/** @param {Advice} advice @param {Reason} reason */
function sourceLink(advice, reason) {
  const conflict = advice.conflicts.find((one) => sourceOf(one) === reason.source_id) ?? conflictOf(advice, reason);
  return worksLink(worksId(worksParty(conflict)), sourceId(reason.source, reason.source_id));
}

/** @param {Advice} advice */
function why(advice) {
  if (advice.reasons.length === 0) return null;
  const rows = advice.reasons.map((reason) => el("li", {}, reason.text, source(advice, reason)));
  return el("section", {}, el("h2", { class: "label" }, t("check.why")), el("ol", { class: "why" }, ...rows));
}

/** @param {Advice} advice @param {Reason} reason */
function source(advice, reason) {
  if (!reason.source_id) return null;
  return el("small", {}, sourceLink(advice, reason), reason.certainty ? ` · ${word("certainty", reason.certainty)}` : "");
}

/** @param {Alternative[]} options @param {(option: Alternative) => (() => void) | null} actionOf */
function alternatives(options, actionOf) {
  if (options.length === 0) return null;
  const sorted = [...options].sort((a, b) => Number(b.recommended ?? false) - Number(a.recommended ?? false));
  return el("section", {}, el("h2", { class: "label" }, t("check.options")), el("ul", { class: "alternatives" }, ...sorted.map((option) => alternative(option, actionOf(option)))));
}

/** What each way on is. @type {Record<string, "repair" | "safe" | "wait" | "combine" | "recover" | "coord">} */
const OPTION_ICONS = { wait: "wait", make_safe: "safe", combine: "combine", recover: "recover", coordinate: "coord" };

/** A button where it can be done at once; else words. @param {Alternative} option @param {(() => void) | null} act */
function alternative(option, act) {
  const name = [option.text, option.recommended && el("span", { class: "vh" }, ` (${t("check.recommended")})`)];
  const role = option.needs_role ? t("check.needs_role", { role: word("role", option.needs_role) }) : "";
  return el(
    "li",
    { class: option.recommended ? "best" : undefined },
    icon(OPTION_ICONS[option.code] ?? "repair"),
    act ? el("button", { class: "link", type: "button", "data-choice": option.code, onclick: act }, ...name) : el("b", {}, ...name),
    el("span", { class: "cost" }, cost(option)),
    el("small", {}, [option.consequence, role].filter(Boolean).join(" ")),
  );
}

/** @param {Alternative} option */
function cost({ code, cost_eur: amount }) {
  if (amount === null || amount === undefined) return "";
  // A patch is paid for; repairing where works may come only puts that much at risk.
  if ((code === "repair_anyway" || code === "repair_now") && amount > 0) return t("check.loses", { amount: money(amount) });
  return amount < 0 ? t("check.saves", { amount: money(-amount) }) : t("check.costs", { amount: money(amount) });
}

/** Works in the ring around the place: they inform. @param {import("openapi").Nearby[]} works */
function nearby(works) {
  if (works.length === 0) return null;
  const rows = works.map((one) => el("li", {}, one.text, el("small", {}, worksLink(one.works_id, sourceId(one.source, one.source_id)))));
  return el("section", {}, el("h2", { class: "label" }, t("check.nearby")), el("ul", { class: "why" }, ...rows));
}

/** Words to send on. @param {"check.request" | "check.citizen"} label @param {string | null} text */
function toCopy(label, text) {
  if (!text) return null;
  return el("section", { class: "citizen" }, el("h2", { class: "label" }, t(label)), el("p", {}, text), copyButton(t("action.copy_answer"), () => text));
}

/**
 * A button that copies and says so.
 * @param {string} label
 * @param {() => string} text
 * @param {string} [look]
 */
export function copyButton(label, text, look = "btn") {
  const button = el("button", { class: look, type: "button", "aria-live": "polite" }, label);
  const loading = import("../../clipboard.js"); // a press may not wait for it
  button.addEventListener("click", async () => {
    const { toClipboard } = await loading;
    button.textContent = t((await toClipboard(text())) ? "action.copied" : "action.not_copied");
    setTimeout(() => (button.textContent = label), 2500);
  });
  return button;
}

/** "Getoetst 07:41 op gegevens van 06:12 · regel v1". @param {Advice} advice */
export function checkedLine(advice) {
  const computed = Date.parse(advice.computed_at);
  const time = since(advice.computed_at);
  const age = advice.data_age_seconds;
  const checked = age === null ? t("check.checked_no_data", { time }) : t("check.checked", { time, data: since(new Date(computed - age * 1000)) });
  const version = advice.conflicts.find((conflict) => conflict.rule_version)?.rule_version;
  const parts = [checked, version ? t("check.rule_version", { version }) : ""];
  return parts.filter(Boolean).join(" · ");
}
