/** One case: where and of whom, how far it is, what is proposed, the evidence, and what goes out of the house. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { notReread } from "../../follow.js";
import { day, money, number, t, word } from "../../i18n.js";
import { amount, factList, worksParty } from "../../facts.js";
import { may } from "../../person.js";
import { loadStyle } from "../../style.js";
import { announceSubject } from "../panel/panel.js";
import { conflictRow } from "../list/list.js";
import { createDesk } from "../decision/desk.js";
import { agreementWords, brokenAgreement, followUp, sentences, trailPart } from "../decision/trail.js";
import { picture, reasons } from "../evidence/evidence.js";
import { contactsPart, worksOf } from "../contacts/contacts.js";
import { createClaims } from "./claim.js";
import { createExemptions } from "./exempt.js";
import { createRequests } from "./requests.js";
import { caseAmount, caseMatter, caseName, lastDay } from "./words.js";

/** @typedef {import("openapi").CaseWithConflicts} Case */
/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {import("openapi").ExplainedConflict} Explained */

const PARTS = /** @type {const} */ (["money", "time", "severity", "certainty"]);
const STAGES = /** @type {const} */ (["open", "acknowledged", "agreed", "settled"]);
/** What people decide of a conflict. */
const DECIDED = /** @type {const} */ (["status", "agreement", "department", "person", "due_on"]);
/** Until the advice is there. */
const NOTHING = { words: "", joins: false };

/** The looks of the evidence, which the list does without. */
export const loadLooks = () => loadStyle(new URL("../../../css/evidence.css", import.meta.url));

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @param {import("./inbox.js").Inbox} inbox
 * @param {() => string} today
 */
export function createCase(state, person, opened, inbox, today) {
  const title = el("h1", { tabindex: "-1" });
  const back = el("a", { class: "btn", href: "/afstemming", onclick: close }, icon("back", "s"), t("cases.back"));
  const walk = el("nav", { class: "walk", "aria-label": t("desk.walk") });
  const lead = el("div", { class: "view" });
  const evidence = el("div", { class: "view" });
  const members = el("div", { class: "view" });
  const side = el("div");
  const desk = createDesk(person, { render, conflicts: (body) => body.items, news });
  const reread = () => desk.refresh().catch(notReread); // what was done stays done
  const requests = createRequests(person, reread);
  const claims = createClaims(person, reread);
  const exemptions = createExemptions(person, reread);
  const people = el("div");
  const papers = el("div", { class: "view" }, people, requests.element, claims.element, exemptions.element);
  const matter = el("div", { class: "matter" }, el("div", {}, evidence, papers, members), side);
  const element = el("div", { class: "view", hidden: true }, el("div", { class: "head" }, title, walk, back), lead, desk.element, matter);
  /** @type {import("openapi").Geometry | null} */
  let ground = null;
  let subject = "";
  let called = "";
  let proposed = NOTHING;

  /** @param {Event} event */
  function close(event) {
    event.preventDefault();
    state.go({ case: null });
  }

  /** @param {string} id */
  async function load(id) {
    subject = "";
    ground = null;
    proposed = NOTHING;
    desk.close();
    fill(title, t("detail.loading"));
    for (const part of [lead, evidence, members, side, walk]) fill(part);
    for (const part of [requests, claims]) part.clear();
    exemptions.element.hidden = true;
    try {
      await desk.open(`/cases/${encodeURIComponent(id)}`);
      if (state.now.case === id) opened.show(ground);
    } catch (error) {
      if (state.now.case !== id) return;
      const again = el("button", { class: "btn primary", type: "button", onclick: () => load(id) }, t("action.try_again"));
      fill(title, t("detail.error"));
      fill(lead, el("div", { class: "problem", role: "alert" }, el("p", {}, /** @type {Error} */ (error).message), again));
    }
  }

  /** @param {Case} one */
  function render(one) {
    const geometries = one.items.flatMap((item) => (item.geometry ? [item.geometry] : []));
    ground = geometries.length > 0 ? { type: "GeometryCollection", coordinates: [], geometries } : null;
    subject = caseName(one);
    fill(title, subject);
    fill(walk, ...walkParts(one.id));
    const main = mainOf(one.items);
    for (const part of [requests, claims, exemptions]) part.show(one.items);
    fill(lead, el("p", { class: "lead" }, caseMatter(one)), stages(one), facts(one), main && proposal(main));
    fill(members, el("h2", { class: "label" }, t("cases.members", { n: one.conflicts })), el("ul", { class: "rows boxed" }, ...one.items.map(item)), why(one), exportLinks(one));
    if (main?.id) explain(one.id, main.id);
    call(one.items).catch(notReread);
    announceSubject(element);
  }

  /** Whom to call; what is unfolded stays while reader and works are the same. @param {Conflict[]} items */
  async function call(items) {
    if (!person.current) return; // the case is drawn again once it is known who reads
    const { role } = person.current;
    const subject = [role, ...worksOf(items).map((works) => works.id)].join();
    if (subject === called) return;
    called = subject;
    try {
      const part = await contactsPart(items, role);
      if (subject === called) fill(people, part);
    } catch (error) {
      called = "";
      throw error;
    }
  }

  /** The dearest conflict with its explanation and its trail. @param {string} id @param {string} conflictId */
  async function explain(id, conflictId) {
    try {
      /** @type {Explained} */
      const conflict = await get(`/conflicts/${conflictId}`);
      if (state.now.case !== id) return;
      fill(evidence, picture(conflict, today()), reasons(conflict));
      fill(side, brokenAgreement(conflict), trailPart(/** @type {import("../decision/trail.js").Event[]} */ (conflict.events)));
    } catch (error) {
      if (state.now.case !== id) return;
      fill(evidence, el("p", { class: "problem", role: "alert" }, t("desk.no_evidence"), ` ${/** @type {Error} */ (error).message}`));
    }
  }

  /** "3 van 41", and the way to the one before and after. @param {string} id */
  function walkParts(id) {
    const { at, total } = inbox.place(id);
    const links = /** @type {const} */ ([[-1, "desk.before", "k"], [1, "desk.after", "j"]]).map(([step, key, letter]) => {
      const to = inbox.neighbour(id, step);
      return to && el("button", { class: "btn", type: "button", onclick: () => state.go({ case: to }) }, t(key), " ", el("kbd", { class: "desk-only" }, letter));
    });
    return [at > 0 && el("span", {}, t("desk.place", { n: number(at, 0), total: number(total, 0) })), ...links];
  }

  /** What to do, as the advice on the repair says it, on a button that names it. @param {Conflict} main */
  function proposal(main) {
    const owner = worksParty(main)?.works?.owner ?? "";
    const words = el("span");
    const ask = el("button", { class: "btn primary", type: "button", onclick: () => requests.open() }, t("desk.ask", { owner }), " ", el("kbd", { class: "desk-only" }, "v"));
    const claim = main.rule === "guarantee_applies" && claims.opener;
    const steps = el("div", { class: "steps" });
    const show = (/** @type {typeof NOTHING} */ now) => {
      proposed = now;
      requests.allow(now.joins);
      fill(words, now.words);
      fill(steps, requests.canAsk() && ask, claim);
    };
    const { case: id } = state.now;
    const asks = main.a.repair && !main.opportunity;
    show(asks ? proposed : { words: step(main, owner), joins: true });
    if (asks) advise(main, owner).then((now) => state.now.case === id && show(now));
    fill(claims.opener, t("desk.claim_from", { owner }));
    return el("div", { class: "proposal" }, el("p", {}, el("b", {}, `${t("desk.proposal")} `), words), steps);
  }

  state.onChange((now, before) => {
    if (now.case && now.case !== before?.case) load(now.case);
    else if (!now.case && before?.case) desk.close();
  });

  /** @param {string} key @returns {boolean} whether it took a step or went to the next case */
  function press(key) {
    if (!state.now.case) return false;
    if (key === "v") return requests.open();
    const step = key === "j" ? 1 : key === "k" ? -1 : null;
    if (step === null) return desk.press(key);
    const to = inbox.neighbour(state.now.case, step);
    if (to) state.go({ case: to });
    return Boolean(to);
  }

  return { element, wants: (/** @type {import("../../address.js").ViewState} */ now) => now.screen === "cases" && Boolean(now.case) && !now.selection, subject: () => subject, press };

  /** @param {Case} one */
  function exportLinks(one) {
    if (person.current && !may(person.current.role, "read all owners")) return null;
    const path = `/api/v1/cases/${one.id}/export`;
    return el("p", {}, el("a", { href: `${path}?format=pdf`, target: "_blank" }, t("desk.export_pdf")), " · ", el("a", { href: path, target: "_blank" }, t("desk.export_json")));
  }
}

/** The one step that fits most often. @param {Conflict} main @param {string} owner */
const step = (main, owner) => t(`desk.proposal.${main.rule}`, { owner, amount: money(amount(main.facts)) });

/**
 * What the advice on the repair says, in the words of the step where that is to wait or to go along, and whether the works may take it along.
 * @param {Conflict} main @param {string} owner
 */
async function advise(main, owner) {
  /** @type {import("openapi").Advice | null} */
  const advice = await get(`/repairs/${main.a.repair?.id}/advice`).catch(() => null);
  if (!advice) return { words: step(main, owner), joins: true };
  const fits = advice.verdict === "wait" || advice.verdict === "combine";
  return { words: fits ? step(main, owner) : `${advice.title}. ${advice.sentence}`, joins: advice.alternatives.some((way) => way.code === "combine") };
}

/** The conflict with most money, else the first. @param {Conflict[]} items @returns {Conflict | undefined} */
const mainOf = (items) => [...items].sort((a, b) => amount(b.facts) - amount(a.facts))[0];

/** How far the case is: as far as the conflict that is least far. @param {Case} one */
function stages(one) {
  const at = STAGES.findIndex((stage) => one.statuses.includes(stage));
  const names = STAGES.map((stage, i) => (i === 3 && one.statuses.includes("accepted_risk") ? "accepted_risk" : stage));
  return el("ol", { class: "stages", "aria-label": t("facts.status") }, ...names.map((name, i) => el("li", i === (at < 0 ? 3 : at) ? { "aria-current": "step" } : {}, word("status", name))));
}

/** @param {Case} one */
function facts(one) {
  return factList([
    [t("cases.last_day"), day(lastDay(one))],
    Boolean(caseAmount(one)) && [t(one.opportunity ? "facts.saving" : "facts.at_risk"), caseAmount(one)],
    [t("facts.severity"), word("severity", one.severity)],
    [t("facts.status"), one.statuses.map((code) => word("status", code)).join(", ")],
    (one.departments.length > 0 || one.persons.length > 0) && [t("facts.follow_up"), [...one.departments.map((code) => word("department", code)), ...one.persons].join(", ")],
  ]);
}

/** @param {Conflict} conflict */
function item(conflict) {
  const agreement = conflict.agreement && conflict.status !== "open" && agreementWords(conflict.agreement);
  const again = conflict.agreement && conflict.status === "open" && t("decision.again");
  return el("li", {}, conflictRow(conflict, [word("status", conflict.status), again, agreement, followUp(conflict)].filter(Boolean).join(" · ")));
}

/** Why the case stands where it stands in the list. @param {Case} one */
function why(one) {
  const rows = PARTS.map((part) => /** @type {import("../../facts.js").Fact} */ ([word("score", part), number(one.score[part])]));
  return el("details", { class: "open-up" }, el("summary", {}, t("cases.score", { n: number(one.score.total, 0) })), factList(rows));
}

/** The first conflict on which somebody else decided, in its trail's words. @param {Case} before @param {Case} after */
async function news(before, after) {
  const earlier = new Map(before.items.map((one) => [one.id, decided(one)]));
  const changed = after.items.filter((one) => earlier.get(one.id) !== decided(one));
  const [first] = changed;
  if (!first) return [[t("decision.figures_changed")]];
  const { events } = await get(`/conflicts/${first.id}`);
  return [[...(sentences(events).at(-1) ?? []), ` (${changed.map((one) => one.number).join(", ")})`]];
}

/** @param {Conflict} one */
const decided = (one) => JSON.stringify(DECIDED.map((name) => one[name]));
