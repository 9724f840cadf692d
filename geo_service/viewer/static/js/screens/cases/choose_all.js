/** One box for all cases that are listed, and never for one that is not. */
import { el, fill } from "../../dom.js";
import { number, t } from "../../i18n.js";

/** @param {(isChosen: boolean) => void} choose is called when somebody ticks it or empties it */
export function createChooseAll(choose) {
  const box = el("input", { type: "checkbox", class: "choose", onchange: () => choose(box.checked) });
  const words = el("span", {});
  const element = el("label", { class: "choose-all" }, box, words, " ", el("kbd", { class: "desk-only", "aria-hidden": "true" }, "X"));
  return {
    element,
    /** What the key does. */
    toggle() {
      box.click();
      return true;
    },
    /** @param {number} listed @param {number} total of the list, further pages too @param {number} chosen */
    show(listed, total, chosen) {
      const key = total > listed ? "desk.choose_listed" : "desk.choose_all";
      fill(words, t(key, { n: listed === 1 ? 1 : number(listed, 0), all: number(total, 0) }));
      box.checked = chosen === listed;
      box.indeterminate = chosen > 0 && chosen < listed;
    },
  };
}
