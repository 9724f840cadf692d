/** A paper of a case (a request, a claim): what it says, and the acts that this person may do with it, each with its result. Nothing typed is lost. */
import { change, read } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";

/** @typedef {import("../../dom.js").Child} Child */
/** `body` gives what goes along. @typedef {{name: string, label: string, body?: () => Record<string, unknown>}} Act */

/**
 * @param {string} path of the paper, below /api/v1
 * @param {Act[]} acts
 * @param {() => unknown} done is called after an act
 */
export function actsOf(path, acts, done) {
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const buttons = acts.map((act, i) => el("button", { class: i === 0 ? "btn primary" : "btn", type: "button", "data-act": act.name, onclick: () => take(act) }, act.label));

  /** @param {Act} act */
  async function take({ name, body }) {
    for (const button of buttons) button.disabled = true;
    problem.hidden = true;
    try {
      const { etag } = await read(path);
      await change(`${path}/${name}`, body?.() ?? {}, etag);
      await done();
    } catch (error) {
      showProblem(problem, error);
    } finally {
      for (const button of buttons) button.disabled = false;
    }
  }

  return [buttons.length > 0 && el("div", { class: "steps" }, ...buttons), problem];
}

/** @param {HTMLElement} place @param {unknown} error */
export function showProblem(place, error) {
  const reasons = /** @type {{reasons?: string[]}} */ (error).reasons ?? [];
  fill(place, [/** @type {Error} */ (error).message, ...reasons].join(" · "));
  place.hidden = false;
}

/** In a list that could not be read. @param {Error} error @param {() => unknown} again */
export function unread(error, again) {
  const button = el("button", { class: "btn", type: "button", onclick: again }, t("action.try_again"));
  return el("li", {}, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("cases.error")), ` ${error.message}`), button));
}

/** A text to send, with a button that copies it. @param {string} title @param {string} text @param {Child} [also] */
export function textOut(title, text, also) {
  const notice = el("span", { class: "small", role: "status" });
  const loading = import("../../clipboard.js"); // a press may not wait for it
  const copy = async () => {
    const { toClipboard } = await loading;
    notice.textContent = ` ${t((await toClipboard(text)) ? "action.copied" : "action.not_copied")}`;
  };
  return el("details", { class: "open-up" }, el("summary", {}, title), el("p", { class: "text-out" }, text), el("div", { class: "steps" }, el("button", { class: "btn", type: "button", onclick: copy }, t("desk.copy")), also, notice));
}
