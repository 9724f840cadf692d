/** One case beside the map: what it is about, what is decided, and its conflicts. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { day, number, t, word } from "../../i18n.js";
import { factList } from "../../facts.js";
import { announceSubject } from "../panel/panel.js";
import { conflictRow } from "../list/list.js";
import { createDesk } from "../decision/desk.js";
import { agreementWords, followUp, sentences } from "../decision/trail.js";
import { caseAmount, caseMatter, caseName, lastDay } from "./words.js";

/** @typedef {import("openapi").CaseWithConflicts} Case */
/** @typedef {import("openapi").Conflict} Conflict */

const PARTS = /** @type {const} */ (["money", "time", "severity", "certainty"]);
/** What people decide of a conflict. */
const DECIDED = /** @type {const} */ (["status", "agreement", "department", "person", "due_on"]);

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @param {import("./inbox.js").Inbox} inbox
 */
export function createCase(state, person, opened, inbox) {
  const title = el("h1", { tabindex: "-1" });
  const back = el("a", { class: "btn", href: "/afstemming", onclick: close }, icon("back", "s"), t("cases.back"));
  const lead = el("div", { class: "view" });
  const rest = el("div", { class: "view" });
  const desk = createDesk(person, { render, conflicts: (body) => body.items, news });
  const element = el("div", { class: "view", hidden: true }, el("div", { class: "head" }, title, back), lead, desk.element, rest);
  /** @type {import("openapi").Geometry | null} */
  let ground = null;
  let subject = "";

  /** @param {Event} event */
  function close(event) {
    event.preventDefault();
    state.go({ case: null });
  }

  /** @param {string} id */
  async function load(id) {
    subject = "";
    ground = null;
    desk.close();
    fill(title, t("detail.loading"));
    fill(lead);
    fill(rest);
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
    fill(lead, el("p", { class: "lead" }, caseMatter(one)), facts(one));
    fill(rest, el("h2", { class: "label" }, t("cases.members", { n: one.conflicts })), el("ul", { class: "rows" }, ...one.items.map(item)), why(one));
    announceSubject(element);
  }

  state.onChange((now, before) => {
    if (now.case && now.case !== before?.case) load(now.case);
    else if (!now.case && before?.case) desk.close();
  });

  /** @param {string} key @returns {boolean} whether it took a step or went to the next case */
  function press(key) {
    if (!state.now.case) return false;
    const step = key === "j" ? 1 : key === "k" ? -1 : null;
    if (step === null) return desk.press(key);
    const to = inbox.neighbour(state.now.case, step);
    if (to) state.go({ case: to });
    return Boolean(to);
  }

  return { view: { element, wants: (/** @type {import("../../address.js").ViewState} */ now) => now.screen === "cases" && Boolean(now.case) && !now.selection, subject: () => subject, press } };
}

/** @param {Case} one */
function facts(one) {
  return factList([
    [t("cases.last_day"), day(lastDay(one))],
    Boolean(caseAmount(one)) && [t(one.opportunity ? "facts.saving" : "facts.at_risk"), caseAmount(one)],
    [t("facts.severity"), word("severity", one.severity)],
    [t("facts.status"), one.statuses.map((code) => word("status", code)).join(", ")],
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
