/** What a part of the administration reads: words while it waits, words when nothing is there, and a way on when it failed. */
import { isUnanswered } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";

/**
 * @template T
 * @param {() => Promise<T>} read
 * @param {(content: T) => string} show lays what was read; returns words for the line above it, such as how many there are
 */
export function createReader(read, show) {
  const line = el("p", { class: "small", role: "status" });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  let turn = 0;
  let isThere = false;

  async function load() {
    const own = ++turn;
    if (!isThere) line.textContent = t("admin.loading");
    try {
      const content = await read();
      if (own !== turn) return;
      isThere = true;
      problem.hidden = true;
      line.textContent = show(content);
    } catch (error) {
      if (own !== turn || (isThere && isUnanswered(error))) return; // what is there stays, and the bar says that nobody answers
      if (!isThere) line.textContent = "";
      const again = el("button", { class: "btn primary", type: "button", onclick: load }, t("action.try_again"));
      fill(problem, el("p", {}, el("b", {}, t("admin.error")), ` ${/** @type {Error} */ (error).message}`), again);
      problem.hidden = false;
    }
  }

  return {
    element: el("div", { class: "reader" }, line, problem),
    load,
    /** What is read next is about something else. */
    forget() {
      isThere = false;
    },
  };
}
