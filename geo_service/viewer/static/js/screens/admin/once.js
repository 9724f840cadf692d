/** What is shown once and never again: a key, a link. It stays until somebody says that it is kept. */
import { toClipboard } from "../../clipboard.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";

export function createOnce() {
  const element = el("div", { class: "once", role: "alert", tabindex: "-1", hidden: true });
  return {
    element,
    /** @param {string} words what it is, and for whom @param {string} secret */
    show(words, secret) {
      const value = el("input", { type: "text", readonly: true, value: secret, "aria-label": words });
      const copy = el("button", { class: "btn", type: "button", onclick: () => copied() }, t("admin.once.copy"));
      const kept = el("button", { class: "btn primary", type: "button", onclick: () => close() }, t("admin.once.kept"));
      fill(element, el("p", {}, el("b", {}, words), ` ${t("admin.once.lead")}`), value, el("div", { class: "steps" }, copy, kept));
      element.hidden = false;
      value.select();

      async function copied() {
        copy.textContent = t((await toClipboard(secret)) ? "action.copied" : "action.not_copied");
        value.select();
      }
    },
    close,
  };

  function close() {
    element.hidden = true;
    fill(element);
  }
}
