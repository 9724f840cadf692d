/** Why two claims conflict, to be checked by hand: in time, in figures, in sentences with their sources, and what would make it go away. */
import { el } from "../../dom.js";
import { age, day, t } from "../../i18n.js";
import { conflictName, inputsOf, sourceId, worksLink } from "../../facts.js";
import { fiveFigures } from "./figures.js";
import { timeline } from "./timeline.js";

/** @typedef {import("openapi").ExplainedConflict} Conflict */
/** @typedef {import("../../dom.js").Child} Child */

/** The picture and its figures. @param {import("openapi").Conflict} conflict @param {string} today */
export function picture(conflict, today) {
  return el("section", { class: "picture", "aria-label": t("desk.timeline") }, timeline(conflict, today), fiveFigures(conflict));
}

/** @param {Conflict} conflict */
export function reasons(conflict) {
  const { explanation } = conflict;
  const rule = t("desk.rule", { rule: conflictName(conflict), version: conflict.rule_version });
  return el(
    "section",
    { class: "reasons" },
    el("h2", { class: "label" }, t("desk.why")),
    el("ol", {}, el("li", {}, el("p", {}, explanation.sentence), el("p", { class: "tiny" }, rule)), ...explanation.sources.map((one) => el("li", {}, ...sourceLine(one)))),
    inputsOf(conflict),
    explanation.disappears_if.length > 0 && el("h2", { class: "label" }, t("desk.disappears")),
    explanation.disappears_if.length > 0 && el("ul", { class: "why" }, ...explanation.disappears_if.map((one) => el("li", {}, one.text))),
  );
}

/** The record behind works: what changed last, with the old value before the new one, and how old it is. @param {import("openapi").Provenance} one @returns {Child[]} */
function sourceLine(one) {
  const change = one.last_change;
  const values = change && [change.from, change.to].map((value) => (/^\d{4}-\d{2}-\d{2}/.test(String(value)) ? day(String(value)) : String(value ?? "–")));
  return [
    el("p", {}, one.owner, " · ", worksLink(one.works_id, sourceId(one.source, one.source_id)), values && " · ", values && el("s", {}, values[0]), values && ` → ${values[1]}`),
    el("p", { class: "tiny" }, [change && t("detail.last_change", { day: day(change.observed_on) }), one.data_age_seconds !== null && t("desk.seen", { age: age(one.data_age_seconds) })].filter(Boolean).join(" · ")),
  ];
}
