/** What is there no more: since when, why, and what came instead. */
import { address } from "../../address.js";
import { Problem } from "../../api.js";
import { el } from "../../dom.js";
import { worksLink } from "../../facts.js";
import { moment, t } from "../../i18n.js";

/** Since when a record is in no list; undefined when it never was, or something else is the matter. @param {unknown} error @returns {import("openapi").AbsentProblem["deletion"] | undefined} */
export const deletionOf = (error) => (error instanceof Problem ? /** @type {import("openapi").AbsentProblem} */ (error.body)?.deletion : undefined);

/**
 * Why a record cannot be shown, in the words of the service, with the record that lives on in its place.
 * @param {import("../../address.js").Kind} kind
 * @param {import("openapi").Deletion} deletion
 * @param {string[]} reasons
 */
export function absence(kind, { at, successor_id: successor }, reasons) {
  const lines = [...reasons.map(asSentence), t("desk.deleted_at", { at: moment(at) })];
  return el(
    "div",
    { class: "problem", role: "alert" },
    el("p", {}, lines.join(" ")),
    successor && el("p", {}, el("a", { class: "btn primary", href: address({ selection: `${kind}:${successor}`, list: null }) }, t("desk.deleted_successor"))),
  );
}

/** @param {string} text */
const asSentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The end of a conflict; nothing while the facts conflict. @param {import("openapi").ExplainedConflict} conflict */
export function closurePart(conflict) {
  const closure = conflict.explanation.closure;
  if (!closure) return null;
  const causes = closure.causes.map((one) => (one.works_id ? worksLink(one.works_id, one.text) : one.text));
  if (conflict.status === "expired") causes.push(t("desk.closure_days"));
  const instead = closure.successors.flatMap((one) => [" ", el("a", { href: address({ selection: `conflict:${one.id}`, list: null }) }, one.number)]);
  const rows = [closure.at && t("desk.closure_at", { at: moment(closure.at) }), ...causes, instead.length > 0 && [t("desk.closure_successors"), ...instead]].filter((row) => !!row);
  return el("section", {}, el("h2", { class: "label" }, t("desk.closure")), el("ul", { class: "why" }, ...rows.map((row) => el("li", {}, ...[row].flat()))));
}
