/** The list of keys, and the switch for them, fetched when somebody asks. */
import { dialog, el } from "./dom.js";
import { t } from "./i18n.js";
import { areOn, turn } from "./keys.js";

const KEYS = ["/", "t", "l", "1-4", "jk", "x", "X", "s", "v", "w", "a", "e", "n", "c", "z", "arrows", "enter", "esc"];

export function createHelp() {
  const choice = el("input", { type: "checkbox", id: "sneltoetsen", checked: areOn(), onchange: () => turn(choice.checked) });
  const rows = KEYS.flatMap((key) => [el("dt", {}, el("kbd", {}, t(`keys.${key}.name`))), el("dd", {}, t(`keys.${key}`))]);
  const toggle = el("label", { for: "sneltoetsen" }, choice, ` ${t("keys.enabled")}`);
  const box = dialog("hulp", t("keys.title"), t("action.close"), el("p", { class: "small" }, t("keys.lead")), el("dl", { class: "keys" }, ...rows), toggle);
  document.body.append(box);
  return box;
}
