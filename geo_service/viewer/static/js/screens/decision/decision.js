/** The steps that this person may take with a conflict or a case: buttons, what they ask for, and how it went. Nothing typed is lost. */
import { Problem } from "../../api.js";
import { el, fill } from "../../dom.js";
import { notReread } from "../../follow.js";
import { clock, day, locale, t, word } from "../../i18n.js";
import { may, rolesFor } from "../../person.js";
import { FORMS, holdUntil, sendStep } from "./forms.js";
import { STEPS, UNDO_MS, isUndoable } from "./steps.js";

/** @typedef {import("./steps.js").Step} Step */
/** @typedef {import("./steps.js").StepName} StepName */
/** @typedef {import("../../dom.js").Child} Child */
/** @typedef {{name: StepName, until: number}} Undoable a step, and until which instant (ms) this person can undo it */

/**
 * @typedef {object} Subject
 * @property {string} path below /api/v1
 * @property {string} etag the version that was read
 * @property {import("openapi").Conflict[]} conflicts one, or all of a case
 * @property {Undoable | null} last the last step as its trail tells; null where there is no trail
 */

/** @type {Record<string, StepName>} */
const KEYS = { a: "agree", l: "agree", e: "settle", n: "acknowledge", c: "comment", z: "undo", u: "undo" };
const CHANGED_MEANWHILE = 412;
const NOT_ALLOWED = 403;

/**
 * @param {import("../../person.js").Someone} person
 * @param {() => Promise<Child[][]>} refresh reads the subject again and shows it; sentences on what others did
 */
export function createDecision(person, refresh) {
  const notice = el("p", { class: "done", role: "status", tabindex: "-1", hidden: true });
  const news = el("div", { class: "news", role: "status", hidden: true });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const buttons = el("div", { class: "steps" });
  const form = el("form", { class: "step-form", hidden: true, onsubmit: submit });
  const limits = el("p", { class: "small" });
  const element = el("section", { class: "decision", "aria-label": t("decision.title"), hidden: true }, news, notice, problem, buttons, form, limits);
  /** @type {Subject | null} */
  let subject = null;
  /** @type {{name: StepName, body: () => Record<string, unknown>} | null} the form that is open */
  let open = null;
  /** @type {(Undoable & {etag: string | null}) | null} what this page did last with the subject */
  let mine = null;
  let busy = false;
  let timer = 0;

  /** @param {Subject | null} next */
  function show(next) {
    if (next?.path !== subject?.path) {
      close();
      mine = null;
      for (const part of [notice, news, problem]) part.hidden = true;
    }
    subject = next;
    element.hidden = !next;
    render();
  }

  function render() {
    const role = person.current?.role;
    if (!subject || !role) return;
    const here = STEPS.filter((step) => step.name !== "undo" && isPossible(step));
    const denied = here.filter((step) => !may(role, step.name));
    fill(buttons, holdButton(), ...here.map((step) => button(step, denied.includes(step))));
    fill(limits, ...Object.entries(Object.groupBy(denied, rolesOf)).map(([roles, steps = []]) => el("span", {}, t("decision.who", { steps: steps.map((step) => word("step", step.name)).join(", "), roles }))));
    showDone();
  }

  /** Until when the repairs would wait; null where nothing is to be held, or this person may not. */
  function hold() {
    const agree = STEPS.find((step) => step.name === "agree");
    const isHere = subject && agree && isPossible(agree) && may(person.current?.role, "agree");
    return isHere ? holdUntil(subject?.conflicts ?? []) : null;
  }

  /** "Wachtstand tot vr 8 jan": the agreement that is made most often, at once. */
  function holdButton() {
    const until = hold();
    return until && el("button", { class: "btn", type: "button", disabled: busy, "data-step": "hold", onclick: takeHold }, t("desk.hold", { day: day(until) }), " ", el("kbd", { class: "desk-only" }, "w"));
  }

  function takeHold() {
    const until = hold();
    if (!until || busy) return false;
    take("agree", { kind: "hold_until", until, note: null });
    return true;
  }

  /** @param {Step} step @param {boolean} isDenied */
  function button(step, isDenied) {
    const look = step.name === "settle" && !open ? "btn primary" : "btn";
    const expanded = step.name in FORMS ? String(open?.name === step.name) : undefined;
    return el("button", { class: look, type: "button", disabled: isDenied || busy, "aria-expanded": expanded, "data-step": step.name, onclick: () => start(step.name) }, word("step", step.name));
  }

  /** "Afgerond. Ongedaan maken", as long as it can be undone. */
  function showDone() {
    clearTimeout(timer);
    const last = undoable();
    const name = last?.name ?? mine?.name;
    notice.hidden = !name;
    if (!name) return;
    const undo = el("button", { class: "link", type: "button", "data-step": "undo", onclick: () => start("undo") }, word("step", "undo"));
    fill(notice, word("done", name), last && " ", last && undo);
    if (last) timer = window.setTimeout(showDone, last.until - Date.now());
  }

  /** @returns {Undoable | null} */
  function undoable() {
    const own = mine && isUndoable(mine.name) && mine.etag === subject?.etag ? mine : null;
    const last = subject?.last ?? own;
    return last && last.until > Date.now() ? last : null;
  }

  /** @param {Step} step */
  function isPossible(step) {
    return subject?.conflicts.some((one) => step.sources.includes(one.status)) ?? false;
  }

  /** A press of the button or key of a step; whether it can be taken now. @param {StepName} name */
  function start(name) {
    const step = STEPS.find((one) => one.name === name);
    const role = person.current?.role ?? "";
    if (!subject || !step || busy || !isPossible(step) || !may(role, step.name) || (name === "undo" && !undoable())) return false;
    if (open?.name === name) return true;
    const make = FORMS[name];
    if (make) openForm(name, make(subject.conflicts, role));
    else take(name, {});
    return true;
  }

  /** @param {StepName} name @param {import("./forms.js").Form} content */
  function openForm(name, content) {
    open = { name, body: content.body };
    const cancel = el("button", { class: "btn", type: "button", onclick: cancelForm }, t("decision.cancel"));
    fill(form, ...content.fields, el("div", { class: "steps" }, el("button", { class: "btn primary", type: "submit" }, word("confirm", name)), cancel));
    form.hidden = false;
    problem.hidden = true;
    render();
    const first = form.querySelector("input:checked, textarea, select");
    if (first instanceof HTMLElement) first.focus();
  }

  function cancelForm() {
    const name = open?.name;
    close();
    render();
    const back = buttons.querySelector(`[data-step="${name}"]`);
    if (back instanceof HTMLElement) back.focus();
  }

  function close() {
    open = null;
    form.hidden = true;
    fill(form);
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (open && !busy) take(open.name, open.body());
  }

  /** @param {StepName} name @param {Record<string, unknown>} body */
  async function take(name, body) {
    if (!subject) return;
    const { path, etag } = subject;
    setBusy(true);
    problem.hidden = news.hidden = true;
    try {
      const left = await sendStep(path, name, body, etag);
      if (subject?.path !== path) return;
      if (open?.name === name) close();
      await refresh().catch((error) => {
        notReread(error); // the step is taken
        if (subject && left) subject.etag = left;
      });
      if (name !== "comment" || !mine) mine = { name, until: Date.now() + UNDO_MS, etag: null };
      mine.etag = subject?.etag ?? null;
      showDone();
      notice.focus();
    } catch (error) {
      if (subject?.path === path) await sayWhy(error, name);
    } finally {
      setBusy(false);
    }
  }

  /** @param {boolean} now */
  function setBusy(now) {
    busy = now;
    form.querySelector("[type=submit]")?.toggleAttribute("disabled", now);
    render();
  }

  /** @param {unknown} error @param {StepName} name */
  async function sayWhy(error, name) {
    const status = error instanceof Problem ? error.status : 0;
    const stays = open ? ` ${t("decision.input_stays")}` : "";
    const reasons = error instanceof Problem ? error.reasons : [];
    /** @type {Child[]} */
    let words = [el("p", {}, el("b", {}, /** @type {Error} */ (error).message), ` ${reasons.join("; ")}${stays}`)];
    if (status === CHANGED_MEANWHILE) {
      const rows = await refresh().catch(() => []);
      words = [el("p", {}, el("b", {}, t("decision.meanwhile"))), ...rows.map((row) => el("p", {}, ...row)), el("p", {}, t("decision.look_again"), stays)];
    } else if (status === NOT_ALLOWED && name !== "undo") {
      const step = STEPS.find((one) => one.name === name);
      words = [el("p", {}, el("b", {}, step ? t("decision.only", { roles: rolesOf(step) }) : ""), stays)];
    }
    fill(problem, ...words);
    problem.hidden = false;
  }

  return {
    element,
    show,
    get isBusy() {
      return busy;
    },
    /** What somebody else just did. @param {Child[][]} rows */
    tell(rows) {
      if (rows.length === 0) return;
      fill(news, el("p", {}, el("b", {}, t("check.changed", { time: clock(new Date()) }))), ...rows.map((row) => el("p", {}, ...row)));
      news.hidden = false;
    },
    /** @param {string} key @returns {boolean} whether it took or opened a step */
    press(key) {
      if (element.offsetParent === null) return false;
      if (key === "w") return takeHold();
      const name = KEYS[key];
      return name !== undefined && start(name);
    },
  };
}

/** "dienst nutsen of coördinator"; who may do everything is not named. @param {Step} step */
function rolesOf(step) {
  const names = rolesFor(step.name).filter((role) => role !== "admin").map((role) => word("role", role).toLocaleLowerCase(locale()));
  return new Intl.ListFormat(locale(), { type: "disjunction" }).format(names);
}
