/** What came of an act: a line that takes the focus, so that a screen reader says it. */
import { el } from "../../dom.js";

export function createNotice() {
  const element = el("p", { class: "done", role: "status", tabindex: "-1", hidden: true });

  /** Without words it goes away. @param {string} [words] */
  function show(words) {
    element.hidden = !words;
    element.textContent = words ?? "";
    if (words) element.focus();
  }

  return {
    element,
    show,
    /** Acts, reads anew, and shows `done`, or the words that the act gives, or why it was refused. @param {() => Promise<unknown>} act @param {() => Promise<unknown>} reload @param {string} [done] */
    async attempt(act, reload, done) {
      let words = done;
      try {
        const outcome = await act();
        if (!words && typeof outcome === "string") words = outcome;
      } catch (error) {
        words = [/** @type {Error} */ (error).message, ...(/** @type {any} */ (error).reasons ?? [])].join(" ");
      }
      await reload();
      show(words);
    },
  };
}
