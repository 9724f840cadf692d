/** One repair of the worklist: a row at a desk, a card on a phone. It stays the same element, so that what is typed in it stays. */
import { el, fill, icon } from "../../dom.js";
import { address } from "../../address.js";
import { number, t } from "../../i18n.js";
import { changedAt } from "../check/verdict.js";
import { createActions } from "./actions.js";
import { createWaiting } from "./waiting.js";
import { defect, formerly, judgement, repairName, timing } from "./words.js";

/** @typedef {import("./ahead.js").Item} Item */
/** @typedef {ReturnType<typeof createJob>} Job */

/**
 * @param {import("../../person.js").Someone} person
 * @param {import("../../status.js").StatusSource} status
 * @param {() => string} today
 * @param {(words: string | null, isKept?: boolean) => Promise<unknown>} done
 */
export function createJob(person, status, today, done) {
  const strip = el("p", { class: "strip" });
  const name = el("a", { class: "job-name" });
  const what = el("p", { class: "job-what small" });
  const when = el("p", { class: "job-when" });
  const why = el("div", { class: "job-why" });
  const more = el("p", { class: "job-more small", hidden: true });
  const actions = createActions(person, today, done);
  const waiting = createWaiting();
  const element = el("li", { class: "job" }, strip, el("div", { class: "job-place" }, el("h3", {}, name), what), when, why, more, actions.element, waiting.element);
  let drawn = "";
  let offered = "";

  return {
    element,
    link: name,
    press: actions.press,
    /** @param {Item} item @param {import("./looks.js").Looks | null} looks null: the usual ones */
    show(item, looks) {
      name.href = address({ screen: "repairs", repair: item.repair.number });
      const content = JSON.stringify(item);
      const asOf = JSON.stringify([content, today(), status.isStale(), looks?.columns().map((one) => one.name)]);
      if (asOf === drawn) return;
      drawn = asOf;
      const { look, icon: sign, title } = judgement(item, status.isStale());
      element.dataset.repair = item.repair.number;
      strip.className = `strip ${look}`;
      fill(strip, icon(sign, "s"), el("b", {}, title));
      fill(name, item.stop !== null && el("span", { class: "stop-number" }, el("span", { class: "vh" }, `${t("repairs.stop")} `), number(item.stop, 0)), repairName(item));
      fill(what, defect(item.repair), item.repair.urgency === "danger" && el("b", { class: "danger" }, ` · ${t("urgency.danger")}`));
      when.textContent = timing(item, today());
      fill(why, ...reason(item));
      for (const [name, part] of /** @type {const} */ ([["what", what], ["when", when], ["why", why]])) part.classList.toggle("left-out", looks !== null && !looks.has(name));
      more.textContent = looks?.extras(item).join(" · ") ?? "";
      more.hidden = !more.textContent;
      if (content !== offered) actions.show(item); // the keyboard may be there
      offered = content;
      waiting.show((entry) => entry.repair === item.repair.id);
    },
  };
}

/** The sentence of the verdict, behind what it was. @param {Item} item */
function reason({ advice, changed }) {
  const was = changed && formerly(changed);
  const old = was && [el("s", {}, el("span", { class: "vh" }, `${t("decision.was")} `), was), " → "];
  return [el("p", {}, ...(old || []), advice.sentence), changed && el("p", { class: "tiny" }, changedAt(changed.at))];
}
