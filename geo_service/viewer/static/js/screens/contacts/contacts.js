/** Whom to call about works or a building project: people, read when somebody asks for them, as each look is on record. */
import { Problem, read, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { loadScreenWords, t } from "../../i18n.js";
import { sourceId, worksParty } from "../../facts.js";
import { may } from "../../person.js";
import { loadStyle } from "../../style.js";
import { showProblem } from "../cases/paper.js";

/** @typedef {import("openapi").ContactDetails} Contact */
/** @typedef {{id: string, owner: string, source: string, source_id: string}} Works */

/** The fields of one person: the type of the input, and its label. */
const FIELDS = [["text", "desk.contact.name"], ["text", "desk.contact.role"], ["text", "desk.contact.organisation"], ["tel", "desk.contact.phone"], ["email", "desk.contact.email"]];

/** The works of these conflicts, each with the people to call; null where there are none, or they are not for this role. @param {import("openapi").Conflict[]} conflicts @param {string} role */
export async function contactsPart(conflicts, role) {
  const works = worksOf(conflicts);
  if (!may(role, "see contacts") || works.length === 0) return null;
  await Promise.all([loadScreenWords("desk"), loadStyle(new URL("../../../css/decision.css", import.meta.url))]);
  return el("section", { class: "view", "aria-label": t("desk.contacts") }, ...works.map((one) => worksContacts(one, role)));
}

/** @param {import("openapi").Conflict[]} conflicts @returns {Works[]} each once */
export function worksOf(conflicts) {
  const works = conflicts.flatMap((one) => worksParty(one)?.works ?? []);
  return [...new Map(works.map((one) => [one.id, /** @type {Works} */ (one)])).values()];
}

/** @param {Works} works @param {string} role */
function worksContacts(works, role) {
  const summary = t("desk.call", { owner: works.owner, source_id: sourceId(works.source, works.source_id) ?? "" });
  return peopleToCall("works", works.id, summary, t("desk.no_contacts"), may(role, "write contacts"));
}

/** The people of one thing, behind what opens. @param {"works" | "building-projects"} things @param {string} id @param {string} summary @param {string} nobody words where nobody is named @param {boolean} mayWrite */
export function peopleToCall(things, id, summary, nobody, mayWrite) {
  const path = `/${things}/${encodeURIComponent(id)}/contacts`;
  const list = el("div");
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const form = mayWrite ? newContact((one) => save([...contacts, one])) : null;
  /** @type {Contact[]} */
  let contacts = [];
  let etag = "";

  async function load() {
    problem.hidden = true;
    try {
      const answer = await read(path);
      contacts = answer.body.contacts;
      etag = answer.etag;
      show();
    } catch (error) {
      showProblem(problem, error);
    }
  }

  /** Whether these are now the people to call. What others wrote meanwhile is shown; what is typed stays. @param {Contact[]} people */
  async function save(people) {
    problem.hidden = true;
    try {
      await send("PUT", path, { contacts: people }, { etag });
    } catch (error) {
      if (error instanceof Problem && error.status === 412) await load();
      showProblem(problem, error);
      return false;
    }
    await load();
    return true;
  }

  function show() {
    const rows = contacts.map((one) => el("li", {}, ...person(one), form && el("button", { class: "link", type: "button", onclick: () => save(contacts.filter((other) => other !== one)) }, t("desk.contact_remove", { name: one.name }))));
    fill(list, rows.length > 0 ? el("ul", {}, ...rows) : el("p", { class: "small" }, nobody));
    if (form) form.hidden = false;
  }

  const details = el("details", { class: "open-up", "data-contacts": id }, el("summary", {}, summary), list, form, problem);
  details.addEventListener("toggle", () => details.open && load());
  return details;
}

/** "Jan Peeters (werfleider, Aannemer) · 0470 12 34 56 · jan@…" @param {Contact} contact @returns {import("../../dom.js").Child[]} */
function person({ name, role, organisation, phone, email }) {
  const about = [role, organisation].filter(Boolean).join(", ");
  return [
    el("b", {}, name),
    about && ` (${about})`,
    phone && [" · ", el("a", { href: `tel:${phone.replace(/[^+\d]/g, "")}` }, phone)],
    email && [" · ", el("a", { href: `mailto:${encodeURIComponent(email)}` }, email)],
    " ",
  ].flat();
}

/** A form for one more person; it is emptied once that person is kept. @param {(contact: Contact) => Promise<boolean>} add */
function newContact(add) {
  const inputs = FIELDS.map(([type], i) => el("input", { type, maxlength: "200", autocomplete: "off", required: i === 0 }));
  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const [name, role, organisation, phone, email] = inputs.map((input) => input.value.trim() || null);
    if (await add({ name: name ?? "", role: role ?? null, organisation: organisation ?? null, phone: phone ?? null, email: email ?? null })) form.reset();
  }
  const form = el("form", { class: "step-form", hidden: true, onsubmit: submit }, ...inputs.map((input, i) => field(FIELDS[i]?.[1] ?? "", input)), el("div", { class: "steps" }, el("button", { class: "btn", type: "submit" }, t("desk.contact_add"))));
  return form;
}
