/** One rule: its sentence, what a change would do, and the change itself, which is only taken with its counts repeated. */
import { isSuperseded, post, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t, word } from "../../i18n.js";
import { createNotice } from "../admin/notice.js";
import { createFields } from "./fields.js";
import { createHistory } from "./history.js";
import { createPreview } from "./preview.js";

/** @typedef {import("openapi").Rule} Rule */
/** @typedef {import("openapi").RulePreview} Preview */
/** @typedef {import("./fields.js").Values} Values */

const DEBOUNCE_MS = 600;
/** Everything is found anew before the service answers. */
const PATIENCE_MS = 300_000;

/** @param {{mayChange: () => boolean, opened: import("../../opened.js").Opened, changed: () => Promise<void>}} tools */
export function createRule({ mayChange, opened, changed }) {
  const state = el("p", { class: "small" });
  const place = el("div", {});
  const reason = el("textarea", { id: "regel-reden", rows: "2", maxlength: "4000" });
  const why = el("div", { class: "field" }, el("label", { for: "regel-reden" }, t("rules.reason")), reason);
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const notice = createNotice();
  const steps = el("div", { class: "steps" });
  const sure = el("div", { class: "admin-box", role: "group", tabindex: "-1", hidden: true });
  const preview = createPreview(opened, () => ask(0));
  const history = createHistory(mayChange, (version) => take(version));
  const form = el("form", { class: "rule-form", onsubmit: (/** @type {Event} */ event) => event.preventDefault() }, place, why, problem, steps, sure);
  const element = el("div", { class: "admin-part" }, state, notice.element, el("div", { class: "rule-columns" }, form, preview.element), history.element);
  /** @type {Rule | null} */
  let rule = null;
  /** @type {ReturnType<typeof createFields> | null} */
  let fields = null;
  let timer = 0;
  let could = false;
  /** @type {AbortController | null} */
  let asking = null;

  /** @param {Rule} next */
  function show(next) {
    const isSame = rule?.id === next.id && rule.version === next.version && could === mayChange();
    if (rule?.id !== next.id) notice.show();
    rule = next;
    if (isSame) return;
    reset();
    history.show(next);
  }

  function reset() {
    if (!rule) return;
    clearTimeout(timer);
    asking?.abort();
    could = mayChange(); // who it is may be known only later
    reason.value = "";
    problem.hidden = sure.hidden = true;
    state.textContent = t("rules.state", { version: rule.version, life: word("rules_life", rule.life) });
    fields = createFields(rule, typed);
    fill(place, fields.element);
    if (!mayChange()) fields.lock();
    why.hidden = !mayChange();
    preview.clear();
    buttons();
  }

  function typed() {
    fields?.check();
    sure.hidden = true;
    notice.show();
    buttons();
    ask(DEBOUNCE_MS);
  }

  const wanted = () => fields?.changes() ?? null;

  function buttons() {
    const changes = wanted();
    const isChanged = Boolean(changes && Object.keys(changes).length > 0);
    const isActive = rule?.life === "active";
    fill(
      steps,
      ...(mayChange() && rule
        ? [
            el("button", { class: "btn", type: "button", disabled: !isChanged && !isActive, onclick: () => save({ ...changes, life: "shadow" }) }, t("rules.save_shadow", { version: rule.version + 1 })),
            el("button", { class: "btn primary", type: "button", disabled: !changes || (!isChanged && isActive), onclick: () => confirm({ ...changes, life: "active" }) }, t("rules.activate")),
            isChanged && el("button", { class: "btn", type: "button", onclick: reset }, t("rules.drop")),
          ]
        : []),
    );
  }

  /** @param {number} wait ms */
  function ask(wait) {
    clearTimeout(timer);
    asking?.abort();
    const changes = wanted();
    if (!rule || !mayChange() || !changes || Object.keys(changes).length === 0) return preview.clear();
    preview.wait();
    const id = rule.id;
    timer = window.setTimeout(async () => {
      asking = new AbortController();
      try {
        preview.show(await post(`/rules/${id}/preview`, changes, asking.signal));
      } catch (error) {
        if (!isSuperseded(error)) preview.fail(/** @type {Error} */ (error));
      }
    }, wait);
  }

  /** Repeats the counts before a rule speaks. @param {Values & {life: string}} changes */
  async function confirm(changes) {
    if (!rule) return;
    problem.hidden = true;
    fill(sure, el("p", {}, t("rules.busy")));
    sure.hidden = false;
    try {
      /** @type {Preview} */
      const { counts, appear } = await post(`/rules/${rule.id}/preview`, changes);
      const departments = new Set(/** @type {string[]} */ (changes.departments ?? rule.departments)).size;
      const words = t("rules.sure", { version: rule.version + 1, opens: counts.appear, ends: counts.disappear, changes: counts.change_severity, departments });
      const go = el("button", { class: "btn primary", type: "button", onclick: () => save(changes) }, t("rules.make_active"));
      const back = el("button", { class: "btn", type: "button", onclick: () => (sure.hidden = true) }, t("decision.cancel"));
      fill(sure, el("p", {}, el("b", {}, words), appear.length === 0 ? ` ${t("rules.opens_none")}` : ""), el("div", { class: "steps" }, go, back));
      sure.focus();
    } catch (error) {
      sure.hidden = true;
      complain(/** @type {Error} */ (error));
    }
  }

  /** @param {Values & {life?: string}} changes */
  async function save(changes) {
    if (!rule) return;
    const { id, version, life } = rule;
    fill(steps, el("p", { role: "status" }, t("rules.busy")));
    sure.hidden = problem.hidden = true;
    const { life: next, ...rest } = changes;
    const body = { ...rest, ...(next !== life && { life: next }), ...(reason.value.trim() && { reason: reason.value.trim() }) };
    try {
      const done = await send("PUT", `/rules/${id}`, body, { etag: `"${version}"`, patience: PATIENCE_MS });
      const words = t("rules.done", { version: done.version, life: word("rules_life", done.life), opens: done.counts.appear, ends: done.counts.disappear, alerts: done.alerts });
      await changed();
      notice.show(words);
    } catch (error) {
      complain(/** @type {Error} */ (error));
      buttons();
    }
  }

  /** @param {Error} error */
  function complain(error) {
    const reasons = /** @type {any} */ (error).reasons ?? [];
    const isOld = /** @type {any} */ (error).status === 412;
    fill(problem, el("p", {}, el("b", {}, isOld ? t("rules.meanwhile") : error.message), ` ${reasons.join("; ")}`), isOld && el("button", { class: "btn", type: "button", onclick: lookAgain }, t("rules.look_again")));
    problem.hidden = false;
  }

  /** Shows what somebody else made of the rule, with what is typed here on top of it. */
  async function lookAgain() {
    const kept = wanted();
    const because = reason.value;
    await changed();
    if (rule) lay(/** @type {Rule} */ ({ ...rule, ...kept }), because);
  }

  /** Puts an earlier version back, previewed like every other change. @param {Rule} version */
  function take(version) {
    lay(version, t("rules.back_reason", { version: version.version }));
    form.scrollIntoView({ block: "nearest" });
  }

  /** @param {Rule} values @param {string} because */
  function lay(values, because) {
    if (!rule) return;
    fields = createFields(rule, typed, values);
    fill(place, fields.element);
    reason.value = because;
    buttons();
    ask(0);
  }

  return { element, show };
}
