/** The line that says what was done. What it says of an action that waits on this device goes when none waits any more. */
import { el } from "../../dom.js";
import { outbox } from "../../outbox/outbox.js";

export function createNotice() {
  const element = el("p", { class: "done", role: "status", tabindex: "-1", hidden: true });
  let isOfKept = false;
  outbox.onChange((entries) => {
    if (isOfKept && entries.length === 0) hide();
  });

  function hide() {
    element.hidden = true;
  }

  /** @param {string} words @param {boolean} isKept whether the action waits on this device */
  function say(words, isKept) {
    isOfKept = isKept;
    element.textContent = words;
    element.hidden = isKept && outbox.entries.length === 0; // sent meanwhile
    element.focus();
  }

  return { element, hide, say };
}
