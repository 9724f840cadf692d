/** What happens around the city's buildings, and the register of its own building projects. */
import { el } from "../../dom.js";
import { day, daysBetween, money, number, period, span, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { may } from "../../person.js";
import { head, listWithTools } from "./lists.js";
import { createProjectForm } from "./project_form.js";

/** @typedef {import("openapi").NearBuilding} Near */
/** @typedef {import("openapi").Project} Project */
/** @template T @typedef {import("../../lists/columns.js").Column<T>} Column */
/** @typedef {[state: import("../../state.js").State, person: import("../../person.js").Someone]} Shared */

const NEAR_DAYS = 90;
const shown = (/** @type {string | null | undefined} */ on) => (on ? day(on) : "–");
const euros = (/** @type {number | null | undefined} */ eur) => (typeof eur === "number" ? money(eur) : "–");

/** @param {Near} one */
const matter = (one) => (one.kind === "works" ? one.title : word("rule", one.title));

/** @param {Near} one */
function link(one) {
  const selection = /** @type {import("../../address.js").Selection} */ (`${one.kind}:${one.id}`);
  return el("a", { href: address({ selection, list: null, columns: null }) }, matter(one));
}

/** @type {readonly Column<Near>[]} */
const NEAR = [
  { name: "building", head: "overview.near.building", value: (one) => one.building, show: (one) => el("a", { href: address({ selection: `building:${one.building_id}`, list: null, columns: null }) }, one.building), isFixed: true },
  { name: "kind", head: "lists.kind", value: (one) => t(`overview.near.${one.kind}`) },
  { name: "matter", head: "lists.matter", value: matter, show: link },
  { name: "owner", head: "facts.owner", value: (one) => one.owner },
  { name: "period", head: "facts.period", value: (one) => span(one.starts_on, one.ends_on), show: (one) => (one.starts_on ? period(one.starts_on, one.ends_on) : "–") },
  { name: "distance", head: "lists.distance_m", value: (one) => one.distance_m, show: (one) => number(one.distance_m) },
  { name: "amount", head: "lists.amount", value: (one) => one.eur, show: (one) => euros(one.eur) },
  { name: "number", head: "lists.number", value: (one) => one.number, isExtra: true },
  { name: "certainty", head: "facts.certainty", value: (one) => word("certainty", one.certainty), isExtra: true },
  { name: "severity", head: "facts.severity", value: (one) => word("severity", one.severity), isExtra: true },
];

/** @param {import("openapi").NearBuildings} answer @param {Shared} shared */
export async function nearPart({ items, total, within_m: reach }, ...shared) {
  const count = total === 0 ? t("overview.near.none", { m: reach }) : t("overview.near.count", { n: total, m: reach });
  const part = items.length < total && ` ${t("overview.near.part", { shown: items.length })}`;
  return [head("near"), el("p", { class: "small" }, count, part), await listWithTools("near", "overview.near", NEAR, items, ...shared)];
}

/** The phase that runs, else the next one to come. @param {Project} one */
const phaseNow = (one) => one.phases?.find((phase) => !phase.is_done)?.name ?? "";
/** @param {(string | null | undefined)[]} [days] */
const first = (days = []) => days.filter(Boolean).sort()[0] ?? null;
/** @param {Project} one */
const deadline = (one) => first(one.subsidies?.filter(({ state }) => state === "asked" || state === "granted").map(({ due_on: on }) => on));

/** @param {string} today @param {(one: Project) => import("../../dom.js").Child} edit @returns {Column<Project>[]} */
const columnsOf = (today, edit) => [
  { name: "name", head: "overview.project.name", value: (one) => one.name, show: edit, isFixed: true },
  { name: "building", head: "overview.near.building", value: (one) => one.building },
  { name: "works", head: "overview.project.works_id", value: (one) => one.works, show: (one) => (one.works_id ? el("a", { href: address({ screen: "map", selection: `works:${one.works_id}`, list: null, columns: null }) }, one.works ?? t("overview.project.on_map")) : "–") },
  { name: "phase", head: "overview.project.phase", value: phaseNow },
  { name: "budget", head: "overview.project.budget", value: (one) => one.budget_eur, show: (one) => euros(one.budget_eur) },
  { name: "spent", head: "overview.project.spent", value: (one) => one.spent_eur, show: (one) => euros(one.spent_eur) },
  { name: "subsidy", head: "overview.project.deadline", value: deadline, show: (one) => due(deadline(one), today) },
  { name: "decision", head: "overview.project.decision", value: (one) => [one.next_decision, one.next_decision_on].filter(Boolean).join(" "), show: (one) => [one.next_decision, one.next_decision_on && day(one.next_decision_on)].filter(Boolean).join(", ") || "–" },
  { name: "handover", head: "overview.project.handover", value: (one) => one.handover_on, show: (one) => shown(one.handover_on) },
  { name: "warranty", head: "overview.project.warranty", value: (one) => first(one.warranties?.map(({ until }) => until)), show: (one) => due(first(one.warranties?.map(({ until }) => until)), today) },
  { name: "files", head: "overview.project.file_count", value: (one) => one.files, isExtra: true },
  { name: "note", head: "overview.project.note", value: (one) => one.note, isExtra: true },
];

/** A day, and how near it is once it is near. @param {string | null} on @param {string} today */
function due(on, today) {
  if (!on) return "–";
  const left = daysBetween(today, on);
  if (left < 0) return el("b", {}, t("overview.project.over", { day: day(on) }));
  return left <= NEAR_DAYS ? `${day(on)} (${t("unit.days", { n: left })})` : day(on);
}

/** @param {{items: Project[]}} page @param {string} today @param {() => void} again @param {Shared} shared */
export async function projectsPart({ items }, today, again, ...shared) {
  const mayWrite = may(shared[1].current?.role, "write projects");
  const form = createProjectForm(shared[1].current?.role, again);
  const edit = (/** @type {Project} */ one) => (mayWrite ? el("button", { class: "link", type: "button", onclick: () => form.open(one) }, one.name) : one.name);
  const add = mayWrite && el("div", { class: "steps" }, el("button", { class: "btn", type: "button", onclick: () => form.open(null) }, t("overview.project.new")));
  const budget = items.reduce((sum, one) => sum + (one.budget_eur ?? 0), 0);
  const spent = items.reduce((sum, one) => sum + (one.spent_eur ?? 0), 0);
  const count = items.length === 0 ? t("overview.project.none") : t("overview.project.count", { n: items.length, budget: money(budget), spent: money(spent) });
  return [head("projects"), el("p", { class: "small" }, count), add, form.element, await listWithTools("projects", "overview.projects", columnsOf(today, edit), items, ...shared)];
}
