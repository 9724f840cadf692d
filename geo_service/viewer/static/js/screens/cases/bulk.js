/** One step with several cases: each is read and decided by itself, so that what somebody else changed meanwhile is told, and stays. */
import { Problem, change, isUnanswered, read } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t, word } from "../../i18n.js";

const STEPS = /** @type {const} */ (["acknowledge", "settle"]);
const CHANGED_MEANWHILE = 412;

/** So many cases between two words of how far it is: a screen reader says each. */
const SAID_EACH = 10;

/** The list is read again meanwhile: the bar waits. */
let isRunning = false;

/** @param {HTMLElement} place @param {string[]} ids of the cases that are chosen @param {() => Promise<unknown>} done reads the list again */
export function bulkBar(place, ids, done) {
  if (isRunning) return;
  const notice = place.querySelector("[role=status]") ?? el("p", { class: "done", role: "status", hidden: true });
  const buttons = STEPS.map((name) => el("button", { class: "btn", type: "button", "data-bulk": name, onclick: () => take(name, ids) }, `${word("step", name)} (${ids.length})`));
  fill(place, ids.length > 0 && el("div", { class: "steps bulk" }, el("b", {}, t("desk.chosen", { n: ids.length })), ...buttons), notice);

  /** @param {typeof STEPS[number] | "undo"} name @param {string[]} which */
  async function take(name, which) {
    if (isRunning) return;
    isRunning = true;
    for (const button of buttons) button.disabled = true;
    /** @type {string[]} */
    const taken = [];
    const problems = new Set();
    for (const [at, id] of which.entries()) {
      if (at % SAID_EACH === 0) fill(notice, t("desk.bulk_runs", { step: word("step", name), n: at + 1, all: which.length }));
      notice.toggleAttribute("hidden", false);
      try {
        const { etag } = await read(`/cases/${id}`);
        await change(`/cases/${id}/${name}`, {}, etag);
        taken.push(id);
      } catch (error) {
        problems.add(error instanceof Problem && error.status === CHANGED_MEANWHILE ? t("decision.meanwhile") : /** @type {Error} */ (error).message);
        if (isUnanswered(error)) break; // the others would wait as long, one after the other
      }
    }
    isRunning = false;
    await done();
    const undo = name !== "undo" && taken.length > 0 && el("button", { class: "link", type: "button", onclick: () => take("undo", taken) }, word("step", "undo"));
    fill(notice, t("desk.bulk_done", { n: taken.length, all: which.length, step: word("step", name) }), " ", [...problems].join("; "), " ", undo);
  }
}
