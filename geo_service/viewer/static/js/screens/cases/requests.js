/** Requests to a utility to take repairs along with its works: what is asked, the texts, and the answer. */
import { get, post } from "../../api.js";
import { measure, measureInput } from "../../amounts.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { day, number, period, t, word } from "../../i18n.js";
import { sourceId, worksLink, worksParty } from "../../facts.js";
import { may } from "../../person.js";
import { placeName } from "../../place.js";
import { actsOf, showProblem, textOut, unread } from "./paper.js";

/** @typedef {import("openapi").Request} Request */
/** @typedef {import("openapi").Conflict} Conflict */

const RULES = ["wasted_repair", "repair_during_works"];
/** Which answers fit a request (domain/requests.py). @type {Record<Request["state"], ("yes" | "no" | "done")[]>} */
const ANSWERS = { asked: ["yes", "no"], no_answer: ["yes", "no"], no: ["yes"], yes: ["done", "no"], done: [], withdrawn: [] };

/** @param {number | null} house */
const houseNumber = (house) => (house === null ? null : String(house));

/** One request in full. @param {Request} request @param {string} role @param {() => unknown} done */
export function requestPaper(request, role, done) {
  const acts = may(role, "answer requests") ? ANSWERS[request.state] : [];
  const note = el("input", { type: "text", maxlength: "2000", autocomplete: "off" });
  const mail = `mailto:?subject=${encodeURIComponent(request.subject)}&body=${encodeURIComponent(request.mail_text)}`;
  return el(
    "li",
    { class: "paper", "data-request": request.number },
    el("h3", {}, el("span", {}, `${request.number} · ${request.owner}`), el("span", { class: "chip" }, word("request_state", request.state))),
    el("p", {}, request.street ? `${placeName({ code: "", street: request.street, number_from: houseNumber(request.number_from), number_to: houseNumber(request.number_to) })} · ` : "", worksLink(request.works_id, sourceId(request.source, request.source_id)), ` · ${period(request.starts_on, request.ends_on)}`),
    el("p", { class: "small" }, [t("desk.answer_by", { day: day(request.due_on) }), request.repair_numbers.join(", "), request.width_m ? `${number(request.width_m)}\u00a0m` : t("desk.full_width")].join(" · ")),
    request.withdrawal && el("p", { class: "small" }, t("desk.withdrawn", { reason: word("request_withdrawal", request.withdrawal) })),
    request.answered_by && el("p", { class: "small" }, t(request.late ? "desk.answered_late" : "desk.answered", { who: request.answered_by, day: day(request.answered_at ?? "") }), request.answer_note && el("q", {}, request.answer_note)),
    textOut(t("desk.mail_text"), request.mail_text, el("a", { class: "btn", href: mail }, t("desk.open_mail"))),
    textOut(t("desk.condition"), request.condition_text),
    acts.length > 0 && field("desk.answer_note", note),
    ...actsOf(`/requests/${request.id}`, acts.map((name) => ({ name, label: t(`desk.answer.${name}`), body: () => ({ note: note.value.trim() || null }) })), done),
  );
}

/** What was asked of the works of a case, and the form to ask more. @param {import("../../person.js").Someone} person @param {() => unknown} done */
export function createRequests(person, done) {
  const rows = el("ul", { class: "papers view" });
  const form = el("form", { class: "step-form", hidden: true, onsubmit: submit });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const element = el("section", { "aria-label": t("desk.requests") }, el("h2", { class: "label" }, t("desk.requests")), rows, form, problem);
  /** @type {Conflict[]} */
  let matter = [];
  /** @type {(() => Record<string, unknown>) | null} */
  let body = null;
  let drawn = "";
  let turn = 0;
  let fits = false;

  /** Nothing of one case stays under another. */
  function clear() {
    turn += 1;
    matter = [];
    body = null;
    drawn = "";
    fits = false;
    fill(rows);
    element.hidden = form.hidden = problem.hidden = true;
  }

  /** @param {Conflict[]} conflicts */
  async function show(conflicts) {
    const own = ++turn;
    matter = conflicts.filter((one) => one.a.repair && worksParty(one)?.works && RULES.includes(one.rule));
    element.hidden = matter.length === 0;
    const ids = [...new Set(matter.map((one) => worksParty(one)?.works?.id))];
    /** @type {any[] | Error} */
    const pages = await Promise.all(ids.map((id) => get(`/requests?limit=1000&works=${id}`))).catch((error) => error);
    if (own !== turn) return;
    if (pages instanceof Error) {
      if (!drawn) fill(rows, unread(pages, () => show(matter)));
      return; // what is drawn and typed stays
    }
    const requests = pages.flatMap((page) => page.items);
    const content = JSON.stringify([ids, requests, person.current?.role]);
    if (content === drawn) return; // what is typed stays
    drawn = content;
    fill(rows, ...requests.map((one) => requestPaper(one, person.current?.role ?? "", again)), requests.length === 0 && el("li", { class: "small" }, t("desk.nothing_asked")));
  }

  async function again() {
    await done();
    await show(matter);
  }

  /** @returns {boolean} whether a request can be made here: not before the advice is there */
  const canAsk = () => fits && matter.length > 0 && may(person.current?.role, "ask utilities");

  /** Whether the works may take the repair along, as the advice says. @param {boolean} now */
  const allow = (now) => (fits = now);

  function open() {
    if (!canAsk()) return false;
    if (!form.hidden) {
      form.querySelector("input")?.focus();
      return true; // what is typed stays
    }
    const works = new Map(matter.flatMap((one) => (worksParty(one)?.works ? [[worksParty(one)?.works?.id, worksParty(one)?.works]] : [])));
    const which = el("select", {}, ...[...works].map(([id, one]) => el("option", { value: id }, [one?.owner, sourceId(one?.source, one?.source_id)].join(", "))));
    const width = measureInput();
    const due = el("input", { type: "date" });
    const note = el("textarea", { rows: "2", maxlength: "2000" });
    body = () => ({ works: which.value, width_m: measure(width.value), due_on: due.value || null, note: note.value.trim() || null });
    const cancel = el("button", { class: "btn", type: "button", onclick: () => (form.hidden = true) }, t("decision.cancel"));
    fill(form, works.size > 1 && field("desk.of_works", which), field("desk.width", width, t("desk.width_hint")), field("desk.due_on", due, t("desk.due_hint")), field("desk.note", note), el("div", { class: "steps" }, el("button", { class: "btn primary", type: "submit" }, t("desk.send_request")), cancel));
    form.hidden = false;
    problem.hidden = true;
    width.focus();
    form.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    const send = form.querySelector("[type=submit]");
    const own = body;
    send?.toggleAttribute("disabled", true);
    problem.hidden = true;
    try {
      await post("/requests", own?.());
      if (body !== own) return; // another case is open
      form.hidden = true;
      await again();
    } catch (error) {
      if (body === own) showProblem(problem, error);
    } finally {
      send?.toggleAttribute("disabled", false);
    }
  }

  return { element, show, clear, open, allow, canAsk };
}
