/** The trail of a conflict as sentences: who, when, what, with the old value before the new one; and what was agreed. */
import { el } from "../../dom.js";
import { day, lastDay, moment, number, t, word } from "../../i18n.js";
import { isUndoable } from "./steps.js";

/** @typedef {import("../../dom.js").Child} Child */
/** @typedef {import("openapi").ExplainedConflict} Conflict */
/** @typedef {{kind: string, actor: string, at: string, details: Record<string, any>}} Event */
/** @typedef {[field: string, before: unknown, after: unknown]} Change */

const DETECTION = "detection";
/** What a step leaves in a conflict, besides its status. */
const LEFT = /** @type {const} */ (["agreement", "department", "person", "due_on"]);
/** What the details of an event give as old and new, in the order of reading. */
const FACTS = ["status", "severity", "blocking", "starts_on", "ends_on", "certainty", "overdue"];
/** Events that open a decided conflict again. */
const REOPENED = ["reopened", "agreement_ended", "reopen"];

/** @param {Event[]} events oldest first */
export function trailPart(events) {
  const rows = sentences(events).reverse();
  return el("section", {}, el("h2", { class: "label" }, t("decision.trail")), el("ol", { class: "trail" }, ...rows.map((row) => el("li", {}, ...row))));
}

/** One sentence for each event. @param {Event[]} events oldest first @returns {Child[][]} */
export function sentences(events) {
  return history(events).map(({ event, changes }) => {
    const who = event.actor === DETECTION ? t("decision.system") : event.actor;
    const words = event.details.text ?? event.details.reason ?? event.details.note;
    return [
      el("time", { datetime: event.at }, moment(event.at)),
      " ",
      el("b", {}, who),
      ` ${word("trail", event.kind)}`,
      ...changes.flatMap((change, i) => [i === 0 ? ": " : "; ", ...changeWords(change)]),
      mergerWords(event.details),
      words && el("q", {}, words),
      ...enclosures(event.details.attachments ?? []),
    ];
  });
}

/** The files beside a remark; whoever may not see them hears it from the service. @param {{id: string, number: string, kind: string, bytes: number}[]} files @returns {Child[]} */
function enclosures(files) {
  return files.flatMap((file) => [" ", el("a", { class: "file", href: `/api/v1/attachments/${encodeURIComponent(file.id)}`, download: "" }, t(`decision.file.${file.kind}`, { number: file.number, size: number(Math.max(1, file.bytes / 1024), 0) }))]);
}

/** Two conflicts became one: which one this went into, or which one it took in, with what people had decided on that. @param {Record<string, any>} details */
function mergerWords({ into, of, was }) {
  if (into) return ` (${t("decision.into", { number: into })})`;
  return of && `: ${[of, word("status", was.status), was.agreement && agreementWords(was.agreement)].filter(Boolean).join(", ")}`;
}

/** Each event with what it changed; undoing a step brings back what stood before it. @param {Event[]} events */
function history(events) {
  /** @type {Record<string, unknown>} */
  let now = {};
  /** @type {Record<string, unknown>[]} */
  const earlier = [];
  return events.map((event) => {
    const before = now;
    if (event.kind === "undo") now = earlier.pop() ?? now;
    else if (isUndoable(event.kind)) {
      earlier.push(now);
      now = { ...now, ...Object.fromEntries(LEFT.filter((name) => name in event.details).map((name) => [name, event.details[name]])) };
    }
    /** @type {Change[]} */
    const left = LEFT.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(now[name] ?? null)).map((name) => [name, before[name], now[name]]);
    return { event, changes: [...pairs(event.details), ...left] };
  });
}

/** @param {Record<string, any>} details @returns {Change[]} */
function pairs(details) {
  return FACTS.map((name) => [name, details[name]])
    .filter(([, value]) => Array.isArray(value) && value.length === 2 && value[0] !== value[1])
    .map(([name, [before, after]]) => [name, before, after]);
}

/** @param {Change} change @returns {Child[]} */
function changeWords([name, before, after]) {
  const old = valueWords(name, before);
  return [`${word("changed", name)} `, old && el("s", {}, el("span", { class: "vh" }, `${t("decision.was")} `), old), old && " → ", valueWords(name, after) || t("decision.nothing")];
}

/** @param {string} name @param {any} value @returns {string} */
function valueWords(name, value) {
  if (value === null || value === undefined) return "";
  if (name === "agreement") return agreementWords(value);
  if (name === "ends_on") return day(lastDay(value));
  if (name.endsWith("_on")) return day(value);
  if (typeof value === "boolean") return t(value ? "decision.yes" : "decision.no");
  return { status: word("status", value), severity: word("severity", value), certainty: word("certainty", value), department: word("department", value) }[name] ?? String(value);
}

/** "Wachten met herstellen tot do 26 nov (na de test)". @param {import("openapi").Agreement} agreement */
export function agreementWords(agreement) {
  const until = agreement.until && t("decision.agreed_until", { day: day(agreement.until) });
  return [word("agreement", agreement.kind), until, agreement.note && `(${agreement.note})`].filter(Boolean).join(" ");
}

/** An agreement that no longer holds, with what changed since; null while there is none. @param {Conflict} conflict */
export function brokenAgreement(conflict) {
  if (conflict.status !== "open" || !conflict.agreement) return null;
  const reopened = history(/** @type {Event[]} */ (conflict.events)).filter(({ event }) => REOPENED.includes(event.kind)).at(-1);
  const changes = (reopened?.changes ?? []).filter(([name]) => name !== "status" && name !== "agreement").flatMap((change, i) => [i === 0 ? " " : "; ", ...changeWords(change)]);
  return el(
    "div",
    { class: "again" },
    el("p", {}, el("b", {}, t("decision.again")), ` ${t("decision.agreed_was", { agreement: agreementWords(conflict.agreement) })}`),
    reopened && el("p", {}, changes.length > 0 ? t("decision.since") : word("again", reopened.event.kind), ...changes),
  );
}

/** Who follows a conflict up, and until when: "Nutsen · Els · tot do 26 nov". @param {import("openapi").Conflict} conflict */
export function followUp(conflict) {
  return [word("department", conflict.department), conflict.person, conflict.due_on && t("decision.agreed_until", { day: day(conflict.due_on) })].filter(Boolean).join(" · ");
}

/** The newest step that can still be undone, and by whom it was taken. @param {Event[]} events @returns {Event | null} */
export function lastStep(events) {
  const last = events.filter((event) => event.kind !== "comment").at(-1);
  return last && isUndoable(last.kind) ? last : null;
}
