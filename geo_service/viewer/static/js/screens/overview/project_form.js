/** The form of a building project: plain fields, and lists with a line for each phase, subsidy and warranty. */
import { get, read, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { createForm } from "../admin/form.js";

/** @typedef {import("openapi").Project} Project */

const STATES = ["asked", "granted", "paid", "refused"];

/** @param {() => void} done */
export function createProjectForm(done) {
  const element = el("div", { class: "project-form", hidden: true });

  /** @param {Project | null} project null: a new one */
  async function open(project) {
    const [{ items }] = await Promise.all([get("/buildings?function=city_patrimony&limit=200"), loadStyle(new URL("../../../css/admin.css", import.meta.url))]);
    const version = project ? await read(`/building-projects/${project.id}`) : null;
    lay(/** @type {Project | null} */ (version?.body ?? null), version?.etag ?? "", items);
  }

  /** @param {Project | null} project @param {string} etag @param {{id: string, name: string | null, street: string | null}[]} buildings */
  function lay(project, etag, buildings) {
    const building = el("select", {}, el("option", { value: "" }, "–"), ...buildings.map((one) => el("option", { value: one.id }, one.name ?? one.street ?? one.id)));
    if (project?.building_id && !buildings.some(({ id }) => id === project.building_id)) building.append(el("option", { value: project.building_id }, project.building ?? ""));
    building.value = project?.building_id ?? "";
    const fields = {
      name: text(project?.name),
      building_id: building,
      budget_eur: euro(project?.budget_eur),
      spent_eur: euro(project?.spent_eur),
      next_decision: text(project?.next_decision),
      next_decision_on: date(project?.next_decision_on),
      handover_on: date(project?.handover_on),
      phases: lines((project?.phases ?? []).map((one) => [one.name, one.starts_on, one.ends_on, one.is_done ? t("overview.project.done") : ""])),
      subsidies: lines((project?.subsidies ?? []).map((one) => [one.name, one.amount_eur, one.due_on, t(`overview.subsidy.${one.state}`)])),
      warranties: lines((project?.warranties ?? []).map((one) => [one.what, one.until])),
      note: el("textarea", { rows: "3", maxlength: "2000" }),
    };
    fields.note.value = project?.note ?? "";
    fields.name.required = true;
    const hints = ["phases", "subsidies", "warranties"];
    const entries = Object.entries(fields).map(([name, input]) => ({ name, label: `overview.project.${name}`, input, ...(hints.includes(name) && { hint: t(`overview.project.${name}_hint`) }) }));
    const close = el("button", { class: "btn", type: "button", onclick: () => (element.hidden = true) }, t("action.close"));
    const remove = project && el("button", { class: "btn", type: "button", onclick: () => send("DELETE", `/building-projects/${project.id}`, undefined, { etag }).then(done) }, t("overview.project.remove"));
    const form = createForm("overview.project.save", entries, (values) => save(project, etag, values), [el("div", { class: "steps" }, close, remove || "")]);
    fill(element, el("h3", {}, project?.name ?? t("overview.project.new")), form.element);
    element.hidden = false;
    fields.name.focus();
  }

  /** @param {Project | null} project @param {string} etag @param {Record<string, string>} values */
  async function save(project, etag, values) {
    const amount = (/** @type {string | undefined} */ typed) => (typed ? Number(typed) : null);
    const body = {
      name: values.name,
      building_id: values.building_id || null,
      works_id: project?.works_id ?? null,
      budget_eur: amount(values.budget_eur),
      spent_eur: amount(values.spent_eur),
      next_decision: values.next_decision || null,
      next_decision_on: values.next_decision_on || null,
      handover_on: values.handover_on || null,
      phases: cells(values.phases).map(([name, from, to, state]) => ({ name, starts_on: from || null, ends_on: to || null, is_done: state === t("overview.project.done") })),
      subsidies: cells(values.subsidies).map(([name, eur, due, state]) => ({ name, amount_eur: amount(eur), due_on: due || null, state: STATES.find((code) => t(`overview.subsidy.${code}`) === state) ?? "asked" })),
      warranties: cells(values.warranties).map(([what, until]) => ({ what, until })),
      note: values.note || null,
    };
    await send(project ? "PUT" : "POST", project ? `/building-projects/${project.id}` : "/building-projects", body, { etag });
    done();
  }

  return { element, open };
}

/** @param {string | null} [value] */
const text = (value) => el("input", { type: "text", maxlength: "100", autocomplete: "off", value: value ?? "" });
/** @param {number | null} [value] */
const euro = (value) => el("input", { type: "number", min: "0", step: "0.01", value: value ?? "" });
/** @param {string | null} [value] */
const date = (value) => el("input", { type: "date", value: value ?? "" });

/** A line for each thing, its parts apart by `;`. @param {(string | number | null | undefined)[][]} rows */
function lines(rows) {
  const input = el("textarea", { rows: String(Math.max(3, rows.length + 1)) });
  input.value = rows.map((row) => row.map((cell) => cell ?? "").join("; ").replace(/(; )+$/, "")).join("\n");
  return input;
}

/** @param {string} [typed] */
const cells = (typed = "") => typed.split("\n").filter((line) => line.trim()).map((line) => line.split(";").map((cell) => cell.trim()));
