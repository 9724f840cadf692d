/** The life of works: what was observed of their days, status and ground, old and new, and the conflicts they have or had. Fetched with their record. */
import { get } from "../../api.js";
import { address } from "../../address.js";
import { el, fill } from "../../dom.js";
import { conflictName } from "../../facts.js";
import { day, loadScreenWords, money, shiftDay, t, word } from "../../i18n.js";

/** @typedef {import("openapi").WorksChange} Change */

/** Statuses in which nothing is left to decide, or the facts no longer conflict. */
const GONE = ["expired", "withdrawn"];

/** @param {import("openapi").Works} works */
export function lifePart(works) {
  const element = el("div", { class: "view" });
  load(works).then((parts) => fill(element, ...parts), () => undefined); // the record is there without
  return element;
}

/** @param {import("openapi").Works} works */
async function load({ id, created_at: since, source }) {
  const [{ items: changes }, { sources }, live, ...gone] = await Promise.all([
    get(`/works/${id}/history`),
    get("/status"),
    get(`/conflicts?works=${id}&limit=100`),
    ...GONE.map((status) => get(`/conflicts?works=${id}&status=${status}&limit=100`)),
    loadScreenWords("life"),
  ]);
  const label = sources.find((/** @type {{source: string}} */ one) => one.source === source)?.label ?? source;
  /** @type {import("openapi").Conflict[]} */
  const conflicts = [live, ...gone.slice(0, GONE.length)].flatMap((page) => page.items);
  return [
    conflicts.length > 0 && part("life.conflicts", conflicts.map(conflictRow)),
    part("life.title", [.../** @type {Change[]} */ (changes).map(changeRow), el("li", {}, t("life.first", { day: day(since), source: label }))]),
  ];
}

/** @param {string} title @param {HTMLElement[]} rows */
const part = (title, rows) => el("section", {}, el("h2", { class: "label" }, t(title)), el("ul", { class: "why life" }, ...rows));

/** @param {import("openapi").Conflict} conflict */
function conflictRow(conflict) {
  const name = [conflictName(conflict), conflict.number].filter(Boolean).join(" · ");
  const cost = conflict.facts.cost_at_risk_eur;
  const line = [word("status", conflict.status), cost && !GONE.includes(conflict.status) ? money(cost) : ""].filter(Boolean).join(" · ");
  return el("li", {}, el("a", { href: address({ selection: `conflict:${conflict.id}`, list: null }) }, name), el("small", {}, line));
}

/** "Begin: ma 3 mei → ma 10 mei", and the day on which it was seen. @param {Change} change */
function changeRow({ field, old_value: old, new_value: next, observed_on: on }) {
  const hasValues = field !== "geometry" && field !== "phase" && field !== "vanished";
  const name = t(`life.${field === "phase" ? (next ? "phase_new" : "phase_gone") : field === "vanished" ? (next ? "vanished" : "back") : field}`);
  const values = hasValues && [": ", old && el("s", {}, valueOf(field, old)), old && next && " → ", next ? valueOf(field, next) : t("life.nothing")].filter(Boolean);
  return el("li", {}, name, ...(values || []), el("small", {}, t("life.seen", { day: day(on) })));
}

/** @param {string} field @param {string} value */
function valueOf(field, value) {
  if (field === "starts_on") return day(value);
  if (field === "ends_on") return day(shiftDay(value, -1));
  return field === "certainty" ? word("certainty", value) : value;
}
