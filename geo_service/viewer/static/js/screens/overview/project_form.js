/** The form of a building project: plain fields, and a line of fields for each phase, subsidy and warranty. */
import { read, send } from "../../api.js";
import { createBuildingSearch, createWorksSearch } from "../../building_search.js";
import { el, fill } from "../../dom.js";
import { euroInput, euros } from "../../amounts.js";
import { loadScreenWords, t } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { choice, createForm, sureButton } from "../admin/form.js";
import { handoverPart } from "./project_handover.js";
import { createRows, date, required, text, tick } from "./project_rows.js";

/** @typedef {import("openapi").Project} Project */

const STATES = ["asked", "granted", "paid", "refused"];
const name = { name: "name", label: "overview.project.row.name", input: (/** @type {string} */ value) => required(text(value)) };
/** What a project has several of. @type {Record<"phases" | "subsidies" | "warranties", import("./project_rows.js").Cell[]>} */
const ROWS = {
  phases: [name, { name: "starts_on", label: "lists.from", input: date }, { name: "ends_on", label: "lists.to", input: date }, { name: "is_done", label: "overview.project.row.is_done", input: tick }],
  subsidies: [name, { name: "amount_eur", label: "lists.amount", input: euroInput }, { name: "due_on", label: "overview.project.row.due_on", input: date }, { name: "state", label: "facts.status", input: (state) => choice(STATES.map((code) => [code, t(`overview.subsidy.${code}`)]), state ?? "asked") }],
  warranties: [{ ...name, name: "what", label: "overview.project.row.what" }, { name: "by", label: "overview.project.row.by", input: text }, { name: "until", label: "lists.to", input: (value) => required(date(value)) }],
};

/** @param {string | undefined} role @param {() => void} done is called when the form goes */
export function createProjectForm(role, done) {
  const element = el("div", { class: "project-form", hidden: true });

  /** @param {Project | null} project null: a new one */
  async function open(project) {
    element.hidden = false;
    try {
      const [version] = await Promise.all([project && read(`/building-projects/${project.id}`), loadScreenWords("admin"), loadStyle(new URL("../../../css/admin.css", import.meta.url))]);
      const stored = /** @type {Project | null} */ (version?.body ?? null);
      lay(stored, version?.etag ?? "", stored && (await handoverPart(stored, role)));
    } catch (error) {
      fill(element, el("div", { class: "problem", role: "alert" }, /** @type {Error} */ (error).message));
    }
  }

  function close() {
    fill(element);
    element.hidden = true;
    done();
  }

  /** @param {Project | null} project @param {string} etag @param {HTMLElement | null} handover */
  function lay(project, etag, handover) {
    const building = createPick(project?.building_id, project?.building);
    const works = createPick(project?.works_id, project?.works);
    const fields = {
      name: required(text(project?.name)),
      building_id: building.select,
      works_id: works.select,
      budget_eur: euroInput(project?.budget_eur),
      spent_eur: euroInput(project?.spent_eur),
      next_decision: text(project?.next_decision),
      next_decision_on: date(project?.next_decision_on),
      handover_on: date(project?.handover_on),
      note: el("textarea", { rows: "3", maxlength: "2000" }),
    };
    fields.note.value = project?.note ?? "";
    const entries = Object.entries(fields).map(([key, input]) => ({ name: key, label: `overview.project.${key}`, input }));
    const rows = Object.entries(ROWS).map(([key, cells]) => /** @type {const} */ ([key, createRows(t(`overview.project.${key}`), t(`overview.project.add_${key}`), cells, /** @type {any} */ (project)?.[key] ?? [])]));
    const form = createForm("overview.project.save", entries, (values) => save(project, etag, values, rows), [createBuildingSearch(building.offer), createWorksSearch(works.offer), ...rows.map(([, { element: list }]) => list), el("small", { class: "full" }, t(project ? "overview.project.no_people" : "overview.project.people_later"))]);
    form.steps.append(el("button", { class: "btn", type: "button", onclick: close }, t("action.close")));
    if (project) form.steps.append(sureButton(t("overview.project.remove"), t("overview.project.remove_sure", { name: project.name }), () => send("DELETE", `/building-projects/${project.id}`, undefined, { etag }).then(close, form.say)));
    fill(element, el("h3", {}, project?.name ?? t("overview.project.new")), form.element, handover);
    fields.name.focus();
  }

  /** @param {Project | null} project @param {string} etag @param {Record<string, string>} values @param {(readonly [string, ReturnType<typeof createRows>])[]} rows */
  async function save(project, etag, values, rows) {
    const lines = Object.fromEntries(rows.map(([key, { values: lineValues }]) => [key, lineValues()]));
    const plain = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value || null]));
    const money = { budget_eur: euros(values.budget_eur ?? ""), spent_eur: euros(values.spent_eur ?? "") };
    await send(project ? "PUT" : "POST", project ? `/building-projects/${project.id}` : "/building-projects", { ...plain, ...money, ...lines }, { etag });
    close();
  }

  return { element, open };
}

/** One thing of several that a search finds: the one that is chosen stays on top. @param {string | null} [id] @param {string | null} [words] */
function createPick(id, words) {
  const select = choice([["", "–"]]);
  offer(id ? [[id, words ?? id]] : []);
  select.value = id ?? "";

  /** @param {[id: string, words: string][]} found */
  function offer(found) {
    const fresh = found.filter(([one]) => one !== select.value);
    for (const option of [...select.options]) if (option.value && !option.selected) option.remove();
    select.append(...fresh.map(([one, name]) => el("option", { value: one }, name)));
    if (!select.value && fresh[0]) select.value = fresh[0][0];
  }

  return { select, offer };
}
