/**
 * Does what the answer proposes: the defect becomes a repair, and what follows holds at once (its days, its hold, danger). Within reach stays the
 * way back. Nothing typed is lost.
 */
import { change, post } from "../../api.js";
import { address } from "../../address.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { day, notPast, shiftDay, t, word } from "../../i18n.js";

/** @typedef {import("./ask.js").Answer} Answer */
/** @typedef {import("openapi").Alternative} Alternative */
/** @typedef {import("openapi").Repair} Repair */
/** @typedef {ReturnType<typeof createChoice>} Choice */

const CATEGORIES = ["pothole", "loose_slab", "subsidence", "root_damage", "kerb", "other"];

/** What each way on makes of the repair. @type {Record<string, (startsOn: string) => Record<string, unknown>>} */
const MAKES = {
  repair_now: planned,
  repair_anyway: planned,
  spot_only: (startsOn) => ({ ...planned(startsOn), scope: "spot" }),
  make_safe: () => ({ urgency: "danger" }),
  wait: () => ({}),
};

/** @param {string} startsOn */
function planned(startsOn) {
  return { planned: { starts_on: startsOn, ends_on: shiftDay(startsOn, 1) } };
}

/**
 * @param {import("../../state.js").State} state
 * @param {() => string} today
 */
export function createChoice(state, today) {
  const category = el("select", {}, ...CATEGORIES.map((code) => el("option", { value: code }, word("category", code))));
  const note = el("textarea", { rows: "2", maxlength: "2000" });
  const title = el("h2", { class: "label" });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const submit = el("button", { class: "btn primary", type: "submit" });
  const cancel = el("button", { class: "btn", type: "button", onclick: close }, t("decision.cancel"));
  const form = el("form", { class: "step-form", hidden: true, onsubmit: file }, title, field("check.defect", category), field("check.note", note), problem, el("div", { class: "steps" }, submit, cancel));
  const notice = el("p", { class: "done", role: "status", tabindex: "-1", hidden: true });
  const element = el("div", { class: "view" }, notice, form);
  /** @type {Alternative | null} */
  let chosen = null;
  /** @type {Extract<Answer, {phase: "done"}> | null} */
  let answer = null;

  function close() {
    chosen = null;
    form.hidden = true;
  }

  /** @param {Alternative} option */
  function open(option) {
    chosen = option;
    title.textContent = option.text;
    submit.textContent = word("choose", option.code);
    form.hidden = false;
    problem.hidden = notice.hidden = true;
    form.scrollIntoView({ block: "nearest" });
    category.focus();
  }

  /** @param {Event} event */
  async function file(event) {
    event.preventDefault();
    if (!chosen || !answer) return;
    submit.disabled = true;
    try {
      const startsOn = notPast(state.now.day, today());
      const what = { category: category.value, description: note.value.trim() || null, scope: state.now.scope ?? "section", urgency: state.now.urgency ?? "normal" };
      const body = { ...what, geometry: { type: "Point", coordinates: answer.at }, ...MAKES[chosen.code]?.(startsOn) };
      say(await post("/repairs", body), startsOn);
      note.value = "";
      close();
    } catch (error) {
      fill(problem, el("p", {}, el("b", {}, /** @type {Error} */ (error).message), ` ${t("decision.input_stays")}`));
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  }

  /** "H-1122 staat in wachtstand tot di 12 jan. Ongedaan maken". @param {Repair} repair @param {string} startsOn */
  function say(repair, startsOn) {
    const state_ = repair.urgency === "danger" ? "danger" : repair.status === "scheduled" ? "planned" : repair.until ? "held" : "filed";
    const link = el("a", { href: address({ screen: "repairs", repair: repair.number, place: null, side: null }) }, repair.number);
    const undo = el("button", { class: "link", type: "button", onclick: () => takeBack(repair) }, word("step", "undo"));
    fill(notice, link, ` ${t(`filed.${state_}`, { day: day(repair.until ?? startsOn) })} `, undo);
    notice.hidden = false;
    notice.focus();
  }

  /** @param {Repair} repair */
  async function takeBack(repair) {
    try {
      await change(`/repairs/${repair.id}`, { status: "cancelled" }, `"${repair.version}"`, "PATCH");
      notice.textContent = t("filed.undone", { number: repair.number });
    } catch (error) {
      notice.textContent = /** @type {Error} */ (error).message;
    }
  }

  return {
    element,
    /** @param {Answer} next */
    show(next) {
      const other = answer && (next.phase !== "done" || next.section.code !== answer.section.code);
      if (other) notice.hidden = true;
      answer = next.phase === "done" ? next : null;
      if (!answer || !chosen || !answer.advice.alternatives.some((one) => one.code === chosen?.code)) close();
    },
    /** What a press on a way on does; null where it can only be read. @param {Alternative} option @returns {(() => void) | null} */
    actionOf(option) {
      return option.needs_role === null && option.code in MAKES ? () => open(option) : null;
    },
  };
}
