/** What a step asks for. The other steps are taken at once: they can be undone. */
import { change, send } from "../../api.js";
import { el } from "../../dom.js";
import { field } from "../../fields.js";
import { DEPARTMENTS } from "../../departments.js";
import { t, word } from "../../i18n.js";
import { worksParty } from "../../facts.js";
import { may } from "../../person.js";

/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {{fields: HTMLElement[], body: () => Record<string, unknown>}} Form */

const KINDS = ["hold_until", "patch_only", "combine", "full_width", "works_move"];
/** Rules by which a repair waits for works. */
const HELD = ["wasted_repair", "repair_during_works"];
const UNDECIDED = ["open", "acknowledged"];
/** Characters of a reason that somebody can follow a year later (domain/lifecycle.py). */
const MIN_REASON = 15;

/** @type {Partial<Record<import("./steps.js").StepName, (conflicts: Conflict[], role: string) => Form>>} */
export const FORMS = { agree: agreement, "accept-risk": risk, assign: assignment, comment: remark };

/** @param {Conflict[]} conflicts @returns {Form} */
function agreement(conflicts) {
  const until = el("input", { type: "date", value: holdUntil(conflicts) ?? endOfWorks(conflicts), required: true });
  const note = el("textarea", { rows: "2", maxlength: "2000" });
  const radios = KINDS.map((kind) => el("input", { type: "radio", name: "afspraak", value: kind, checked: kind === KINDS[0] }));
  const chosen = () => radios.find((radio) => radio.checked)?.value;
  const choices = radios.map((radio) => el("label", {}, radio, el("span", {}, word("agreement", radio.value))));
  const kinds = el("fieldset", { class: "choices", onchange: () => (until.required = chosen() === "hold_until") }, el("legend", {}, t("decision.kind")), ...choices);
  return {
    fields: [kinds, field("decision.until", until, t("decision.until_hint")), field("decision.note", note)],
    body: () => ({ kind: chosen(), until: until.value || null, note: note.value.trim() || null }),
  };
}

/** The day after the last of the works, where no repair waits for them. @param {Conflict[]} conflicts */
function endOfWorks(conflicts) {
  const ends = conflicts.map((one) => worksParty(one)?.claim?.stated_ends_on ?? worksParty(one)?.ends_on ?? "");
  return ends.sort().at(-1) || undefined;
}

/** The first day on which the works of these conflicts leave the ground free, slack included; null where no repair waits for works. @param {Conflict[]} conflicts @returns {string | null} */
export function holdUntil(conflicts) {
  const days = conflicts.filter((one) => one.blocking && HELD.includes(one.rule) && UNDECIDED.includes(one.status)).map((one) => worksParty(one)?.free_from ?? "");
  return days.sort().at(-1) || null;
}

/** @returns {Form} */
function risk() {
  const reason = el("textarea", { rows: "3", maxlength: "2000", minlength: MIN_REASON, required: true });
  return { fields: [field("decision.reason", reason, t("decision.reason_hint", { n: MIN_REASON }))], body: () => ({ reason: reason.value.trim() }) };
}

/** @param {Conflict[]} conflicts @returns {Form} */
function assignment([first]) {
  const department = el("select", {}, el("option", { value: "" }, t("decision.nobody")), ...DEPARTMENTS.map((code) => el("option", { value: code }, word("department", code))));
  department.value = first?.department ?? "";
  const person = el("input", { type: "text", maxlength: "200", autocomplete: "off", value: first?.person ?? "" });
  const due = el("input", { type: "date", value: first?.due_on ?? "" });
  return {
    fields: [field("decision.department", department), field("decision.person", person), field("decision.due_on", due)],
    body: () => ({ department: department.value || null, person: person.value.trim() || null, due_on: due.value || null }),
  };
}

/** A remark, with files for who may attach them. @param {Conflict[]} _conflicts @param {string} role @returns {Form} */
function remark(_conflicts, role) {
  const text = el("textarea", { rows: "3", maxlength: "4000", required: true });
  const files = el("input", { type: "file", multiple: true, accept: "application/pdf,image/jpeg,image/png,image/webp" });
  const canAttach = may(role, "attach files");
  return {
    fields: [field("decision.remark", text), ...(canAttach ? [field("decision.files", files, t("decision.files_hint"))] : [])],
    body: () => ({ text: text.value.trim(), ...(files.files?.length && { files: [...files.files] }) }),
  };
}

/** Sends a step; a remark with files goes as a form. Returns the version that it left, where it is told. @param {string} path @param {string} name @param {Record<string, any>} body @param {string} etag */
export async function sendStep(path, name, { files, ...body }, etag) {
  if (!files) return change(`${path}/${name}`, body, etag);
  const form = new FormData();
  for (const [key, value] of Object.entries(body)) form.append(key, value);
  for (const file of files) form.append("file", file);
  await send("POST", `${path}/attachments`, form, { etag });
  return "";
}
