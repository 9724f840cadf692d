/** One repair of the worklist: the verdict big, what to do, why, and the answer for whoever reported it. */
import { Problem, get, read } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { address } from "../../address.js";
import { clock, shiftDay, t } from "../../i18n.js";
import { follow, notReread } from "../../follow.js";
import { announceSubject } from "../panel/panel.js";
import { checkedLine, resultParts } from "../check/result.js";
import { createVerdict } from "../check/verdict.js";
import { idOf } from "../detail/numbers.js";
import { repairFacts } from "../detail/repair_facts.js";
import { reporterDoor } from "../detail/reporter.js";
import { outbox } from "../../outbox/outbox.js";
import { createActions } from "./actions.js";
import { ahead } from "./ahead.js";
import { createNotice } from "./notice.js";
import { loadStyles } from "./styles.js";
import { createWaiting } from "./waiting.js";
import { defect, repairName } from "./words.js";

/** @typedef {import("openapi").RepairInFull} Repair */
/** @typedef {import("openapi").FullAdvice} Advice */
/** @typedef {{repair: Repair, advice: Advice | null}} Content */

const SETTLED = 409;

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @param {import("../../status.js").StatusSource} status
 */
export async function loadRepair(state, person, opened, status) {
  await loadStyles();
  return createRepair(state, person, opened, status, () => status.current?.today ?? shiftDay(new Date().toISOString(), 0));
}

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @param {import("../../status.js").StatusSource} status
 * @param {() => string} today
 * @returns {import("../panel/panel.js").View}
 */
function createRepair(state, person, opened, status, today) {
  const title = el("h1", { tabindex: "-1" });
  const back = el("a", { class: "btn" }, icon("back", "s"), t("repairs.back"));
  const what = el("p", { class: "small" });
  const verdict = createVerdict();
  const notice = createNotice();
  const actions = createActions(person, today, done);
  const waiting = createWaiting();
  const rest = el("div", { class: "view" });
  const checked = el("p", { class: "tiny" });
  const element = el("div", { class: "view", hidden: true }, el("div", { class: "head" }, title, back), what, verdict.element, notice.element, actions.element, waiting.element, rest);
  /** @type {Content | null} */
  let current = null;
  /** Stays as it is, open or not, while the repair changes. @type {HTMLElement | null} */
  let door = null;
  /** @type {Advice | null | undefined} what the advice was before it changed on this page */
  let former;
  let stale = false;
  let turn = 0;

  /** @param {string} named */
  async function open(named) {
    current = door = null;
    former = null;
    notice.hide();
    fill(title, t("detail.loading"));
    fill(what);
    fill(rest);
    verdict.loading();
    actions.show(null);
    waiting.show(() => false);
    try {
      await load(named);
      if (current) opened.show(/** @type {Content} */ (current).repair.geometry);
    } catch (error) {
      if (state.now.repair !== named) return;
      verdict.clear();
      const again = el("button", { class: "btn primary", type: "button", onclick: () => open(named) }, t("action.try_again"));
      fill(title, t("detail.error"));
      fill(rest, el("div", { class: "problem", role: "alert" }, el("p", {}, /** @type {Error} */ (error).message), again));
    }
  }

  /** @param {string} named number (H-1086) or id */
  async function load(named) {
    const own = ++turn;
    const id = current?.repair.id ?? (await idOf("repairs", named));
    const [{ body }, advice] = await Promise.all([read(`/repairs/${encodeURIComponent(id)}`), get(`/repairs/${encodeURIComponent(id)}/advice`).catch(whenSettled)]);
    if (own !== turn || state.now.repair !== named) return;
    const before = current;
    current = { repair: body, advice };
    checked.textContent = advice && checkedLine(advice);
    const isOther = before?.repair.version !== body.version || before?.repair.has_personal_data !== body.has_personal_data;
    if (!before || isOther || content(before.advice) !== content(advice)) show(before);
  }

  /** @param {Content | null} before */
  function show(before) {
    if (!current) return;
    const { repair, advice } = current;
    fill(title, nameOf(current));
    what.textContent = defect(repair);
    former = before?.advice;
    showVerdict();
    showActions();
    const changed = before && content(before.advice) !== content(advice) && el("p", { class: "small" }, t("check.changed", { time: clock(new Date()) }));
    door ??= reporterDoor(repair);
    fill(rest, changed, ...repairFacts(repair), door, ...(advice ? resultParts(advice) : []), checked);
    announceSubject(element);
  }

  function showVerdict() {
    stale = status.isStale();
    if (current?.advice) verdict.show(current.advice, stale, former);
    else if (current) verdict.clear();
  }

  function showActions() {
    if (!current) return;
    const { repair, advice } = current;
    actions.show(advice && ahead({ repair, advice, place: placeOf(advice), stop: null, changed: null }, outbox.entries));
    waiting.show((entry) => entry.repair === repair.id);
  }

  /** @param {string | null} words @param {boolean} [isKept] */
  async function done(words, isKept = false) {
    if (state.now.repair) await load(state.now.repair);
    if (words) notice.say(words, isKept);
  }

  const isOpen = (/** @type {import("../../address.js").ViewState} */ now) => now.screen === "repairs" && Boolean(now.repair) && !now.selection;
  state.onChange((now, before) => {
    back.href = address({ screen: "repairs", repair: null });
    if (now.repair && isOpen(now) && now.repair !== before?.repair) open(now.repair);
  });
  outbox.onChange(showActions);
  status.onChange(() => {
    if (stale !== status.isStale()) showVerdict();
  });
  follow(() => current && state.now.repair && load(state.now.repair).catch(notReread));
  return { element, wants: isOpen, subject: () => (current ? nameOf(current) : ""), press: (key) => key === "s" && actions.press() };
}

/** A repair that is finished has no advice. @param {unknown} error */
function whenSettled(error) {
  if (error instanceof Problem && error.status === SETTLED) return null;
  throw error;
}

/** What an answer says, whenever it was given. @param {Advice | null} advice */
const content = (advice) => JSON.stringify({ ...advice, computed_at: null, data_age_seconds: null });

/** @param {Content} content */
const nameOf = ({ repair, advice }) => repairName({ repair, place: advice && placeOf(advice) });

/** @param {Advice} advice */
const placeOf = ({ frontage: [first] }) => first ?? null;
