/** "Mag ik hier herstellen?": place, form, verdict, facts, what else can be done. */
import { el, fill, icon } from "../../dom.js";
import { number, shiftDay, t } from "../../i18n.js";
import { may } from "../../person.js";
import { isDrawn, placeLine, placeName, surfaceLine } from "../../place.js";
import { address } from "../../address.js";
import { hitRows } from "../../hits.js";
import { announceSubject } from "../panel/panel.js";
import { createAsk } from "./ask.js";
import { createForm } from "./form.js";
import { hereParts } from "./here.js";
import { checkedLine, copyButton, resultParts } from "./result.js";
import { changedAt, createVerdict } from "./verdict.js";

/** @typedef {import("./ask.js").Answer} Answer */
/** @typedef {ReturnType<typeof createCheck>} Check */

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../status.js").StatusSource} status
 * @param {import("../../person.js").Someone} person
 */
export function createCheck(state, status, person) {
  const today = () => status.current?.today ?? shiftDay(new Date().toISOString(), 0);
  const golden = () => status.current?.golden ?? [];
  const place = el("div", { class: "view" });
  const other = el("div", { class: "view" });
  // the title is never drawn anew: it has the keyboard when the panel opens
  const where = el("div", { class: "where" }, el("div", {}, el("h1", { tabindex: "-1" }, t("check.title")), place), other);
  const form = createForm(state, today);
  const verdict = createVerdict();
  const way = el("div", { class: "view" });
  /** @type {import("./choose.js").Choice | null} for who may do what the answer proposes */
  let choice = null;
  const here = el("div", { class: "view" });
  const rest = el("div", { class: "view" });
  const others = el("div", { class: "view" });
  const foot = el("div", { class: "foot" });
  const people = el("div");
  let turn = 0;
  let called = "";
  // on a phone the form unfolds below the verdict, which stays in sight (css/panel.css)
  const inputs = el("div", { class: "view" }, form.sides, form.quick);
  const question = el("div", { class: "question" }, inputs, verdict.element, form.fold, form.form);
  const element = el("div", { class: "view" }, where, question, here, way, rest, others, people, foot);
  /** @type {((answer: Answer) => void)[]} */
  const listeners = [];
  /** @type {Answer} */
  let answer = { phase: "empty" };
  let stale = false;
  let examples = golden();
  /** @type {import("openapi").AskedAdvice | null} what the answer was before it changed under the eyes of who reads it */
  let former = null;

  const ask = createAsk((next) => {
    const before = answer;
    if (next.phase === "done" && next.changedAt) former = before.phase === "done" && before.changedAt !== next.changedAt ? before.advice : former;
    else former = null;
    answer = next;
    if (next.phase === "done" && repeats(before, next)) return sayChecked(foot, next.advice); // what is read or unfolded stays as it is
    render();
    for (const listener of listeners) listener(answer);
  }, today, status.first);

  function render() {
    const empty = answer.phase === "empty";
    inputs.hidden = form.fold.hidden = form.form.hidden = empty;
    stale = status.isStale();
    fill(place, ...placeParts(answer, state.now.place));
    fill(other, !empty && el("a", { class: "btn", href: address({ place: null, side: null }) }, t("check.other_place")));
    fill(rest);
    fill(here);
    if (answer.phase === "loading") verdict.loading();
    else if (answer.phase === "done") showDone(answer);
    else if (answer.phase === "safe") verdict.showSafe();
    else verdict.clear();
    if (empty) fill(rest, ...emptyParts(golden()));
    if (answer.phase === "nowhere") fill(rest, el("p", { role: "alert" }, answer.reason ?? t("check.nowhere")), penLink());
    if (answer.phase === "safe" && answer.reason) fill(rest, el("p", { class: "small" }, answer.reason));
    if (answer.phase === "error") fill(rest, problemBox(answer.problem, () => ask(state.now)));
    fill(foot, ...footParts(answer));
    showPeople();
    choice?.show(answer);
    announceSubject(element);
  }

  /** @param {Extract<Answer, {phase: "done"}>} done */
  function showDone(done) {
    form.showSides(done.sides, done.section);
    verdict.show(done.advice, stale, former);
    const changed = done.changedAt && el("p", { class: "small" }, changedAt(done.changedAt));
    fill(here, ...hereParts(done.advice, choice?.joinOf));
    fill(rest, changed, ...resultParts(done.advice, choice?.actionOf));
  }

  /** Shows whom to call about the works; keeps what is unfolded or typed while reader and works stay the same. */
  async function readPeople() {
    const own = ++turn;
    const conflicts = answer.phase === "done" ? answer.advice.conflicts : [];
    if (!person.current || conflicts.length === 0) {
      called = "";
      return fill(people);
    }
    const { role } = person.current;
    const { contactsPart, worksOf } = await import("../contacts/contacts.js");
    const subject = [role, ...worksOf(conflicts).map((works) => works.id)].join();
    if (subject === called) return;
    const part = await contactsPart(conflicts, role);
    if (own !== turn) return;
    called = subject;
    fill(people, part);
  }

  /** Without a network the organisation is named all the same. */
  const showPeople = () => void readPeople().catch(() => undefined);
  person.onChange(showPeople);
  state.onChange((now, before) => {
    form.show(now);
    const changed = (/** @type {(keyof import("../../address.js").ViewState)[]} */ keys) => !before || keys.some((key) => before[key] !== now[key]);
    if (changed(["place"])) for (const part of [others, form.sides]) fill(part);
    if (changed(["place", "side", "scope", "urgency", "day"])) ask(now);
  });
  status.onChange(() => {
    form.show(state.now);
    if (answer.phase === "empty" && JSON.stringify(examples) !== JSON.stringify(golden())) {
      examples = golden();
      fill(rest, ...emptyParts(examples));
    }
    // only the verdict is more careful then: what is read, unfolded or has the keyboard stays as it is
    else if (answer.phase === "done" && stale !== status.isStale()) verdict.show(answer.advice, (stale = status.isStale()), former);
  });

  person.onChange(async ({ role }) => {
    if (choice || !may(role, "write repairs")) return;
    const { loadChoice } = await import("./choose.js");
    choice ??= await loadChoice(state, today);
    way.append(choice.element);
    if (answer.phase === "done" || answer.phase === "safe") render();
  });
  return {
    view: { element, wants: () => true, subject: () => ("section" in answer && answer.section ? placeName(answer.section) : "") },
    /** What else lies under the last click. @param {import("../../hits.js").Hit[]} hits */
    showOthers(hits) {
      fill(others, hits.length > 0 && el("section", {}, el("h2", { class: "label" }, t("check.also_here")), hitRows(hits)));
    },
    /** What a person must know of how this place was chosen. @param {string} text */
    showNote: (text) => fill(others, el("p", { class: "small", role: "status" }, text)),
    /** @param {(answer: Answer) => void} listener */
    onAnswer(listener) {
      listeners.push(listener);
      listener(answer);
    },
  };
}

/** Whether an answer that stands was only given once more. @param {Answer} before @param {Answer} next */
function repeats(before, next) {
  return before.phase === "done" && next.phase === "done" && before.section === next.section && before.changedAt === next.changedAt;
}

/** @param {HTMLElement} foot @param {import("openapi").AskedAdvice} advice */
function sayChecked(foot, advice) {
  const line = foot.querySelector(".checked");
  if (line) line.textContent = checkedLine(advice);
}

/** The place stays in sight whatever becomes of the question. @param {Answer} answer @param {string | null} typed */
function placeParts(answer, typed) {
  const section = "section" in answer ? answer.section : null;
  const lines = section ? [el("p", { class: "place" }, placeName(section)), el("p", { class: "small" }, placeLine(section), el("br"), surfaceLine(section))] : [];
  if (!section && answer.phase !== "empty") lines.push(el("p", { class: "place" }, isDrawn(typed) ? t("scope.area") : (typed ?? "")));
  const beside = section && "besideM" in answer && answer.besideM !== null && el("p", { class: "small" }, t("place.beside", { distance: number(answer.besideM, 0) }));
  const note = "note" in answer && answer.note && el("p", { class: "small" }, answer.note);
  return [...lines, beside, note];
}

/** @param {import("openapi").StatusOfAll["golden"]} golden */
function emptyParts(golden) {
  const rows = golden.map((one) =>
    el("li", {}, el("a", { class: "row", href: address({ place: `${one.lon},${one.lat}`, side: null, center: null, zoom: null }) }, icon("next", "s"), el("b", {}, one.title), el("small", {}, one.story))),
  );
  return [
    el("p", { class: "lead" }, t("check.empty")),
    penLink(),
    rows.length > 0 && el("section", {}, el("h2", { class: "label" }, t("check.examples")), el("ul", { class: "examples" }, ...rows)),
  ];
}

/** Draw the ground where no section fits it. */
const penLink = () => el("a", { class: "btn quiet pen", href: address({ draw: "area" }) }, icon("pen", "s"), t("check.draw"));

/** @param {Error} problem @param {() => void} again */
function problemBox(problem, again) {
  const code = "status" in problem && problem.status ? t("check.error_code", { code: String(problem.status) }) : "";
  return el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("check.error")), ` ${problem.message} ${code}`), el("button", { class: "btn primary", type: "button", onclick: again }, t("action.try_again")));
}

/** @param {Answer} answer */
function footParts(answer) {
  const list = el("a", { class: "btn", href: address({ list: "conflicts" }) }, t("list.open"));
  if (answer.phase !== "done") return [list];
  const contacts = answer.advice.contacts.map((contact) => contact.organisation);
  const call = contacts.length > 0 && el("p", { class: "small" }, t("check.contact", { who: [...new Set(contacts)].join(", ") }));
  const line = el("p", { class: "tiny" }, el("span", { class: "checked" }, checkedLine(answer.advice)), " · ", copyButton(t("action.copy_link"), () => location.href, "link tiny"));
  return [call, list, line];
}
