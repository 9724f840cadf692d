/** "Regels": what each rule does, what a change would do, and the numbers of the city. */
import { get } from "../../api.js";
import { el, fill } from "../../dom.js";
import { loadScreenWords, t, word } from "../../i18n.js";
import { may } from "../../person.js";
import { loadStyle } from "../../style.js";
import { fillTabs } from "../../tabs.js";
import { announceSubject } from "../panel/panel.js";
import { createReader } from "../admin/reader.js";
import { createParameters } from "./parameters.js";
import { createRule } from "./rule.js";

/** @typedef {import("openapi").Rule} Rule */
/** @typedef {import("../../address.js").ViewState} ViewState */

/** What stands behind `/regels/` and is no rule. */
const NUMBERS = "parameters";

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @returns {Promise<import("../panel/panel.js").View[]>}
 */
export async function createRules(state, person, opened) {
  // a table of the administration, and its words
  await Promise.all([loadScreenWords("rules"), loadScreenWords("admin"), loadStyle(new URL("../../../css/admin.css", import.meta.url))]);
  const title = el("h1", { class: "screen-name", tabindex: "-1" }, t("screen.rules"));
  const list = el("nav", { class: "rule-list", "aria-label": t("rules.list") });
  const body = el("div", { class: "admin-part" });
  const readOnly = el("p", { class: "small", hidden: true });
  const mayChange = () => may(person.current?.role, "change rules");
  const rule = createRule({ mayChange, opened, changed: () => reader.load() });
  const numbers = createParameters(mayChange);
  /** @type {Rule[]} */
  let rules = [];
  const reader = createReader(
    () => get("/rules"),
    (/** @type {{items: Rule[]}} */ { items }) => {
      rules = items;
      lay();
      return "";
    },
  );
  const element = el("div", { class: "view", hidden: true }, title, readOnly, el("div", { class: "rules" }, list, el("div", { class: "admin-part" }, reader.element, body)));

  function lay() {
    const now = state.now;
    if (now.screen !== "rules") return;
    const id = now.ruleId ?? rules[0]?.id;
    fillTabs(list, ...rules.map((one) => link(one, one.id === id)), numbersLink(id === NUMBERS));
    readOnly.hidden = !person.current || mayChange();
    readOnly.textContent = t("rules.read_only", { role: word("role", person.current?.role) });
    const one = rules.find((other) => other.id === id);
    title.textContent = id === NUMBERS ? t("rules.numbers") : one ? word("rule", one.id) : t("screen.rules");
    announceSubject(element);
    if (id === NUMBERS) {
      fill(body, numbers.element);
      numbers.show();
    } else if (one) {
      if (body.firstChild !== rule.element) fill(body, rule.element);
      rule.show(one);
    } else if (rules.length > 0) fill(body, el("p", { class: "lead" }, t("rules.unknown", { id: id ?? "" })));
  }

  state.onChange((now, before) => {
    if (now.screen !== "rules") return;
    if (before?.screen !== "rules" || rules.length === 0) reader.load();
    if (before?.ruleId !== now.ruleId || before?.screen !== "rules") lay();
  });
  person.onChange(lay);
  return [{ element, wants: (now) => now.screen === "rules" && !now.selection, subject: () => [title.textContent, t("screen.rules")].filter((words, n, all) => all.indexOf(words) === n).join(" · ") }];
}

/** @param {Rule} one @param {boolean} isHere */
function link(one, isHere) {
  const made = el("a", { href: `/regels/${one.id}` }, el("span", { class: `life ${one.life}`, "aria-hidden": "true" }), el("span", {}, word("rule", one.id), one.life !== "active" && el("small", {}, ` ${word("rules_life", one.life)}`)));
  if (isHere) made.setAttribute("aria-current", "page");
  return made;
}

/** @param {boolean} isHere */
function numbersLink(isHere) {
  const made = el("a", { href: `/regels/${NUMBERS}` }, el("span", { class: "life number", "aria-hidden": "true" }), el("span", {}, t("rules.numbers")));
  if (isHere) made.setAttribute("aria-current", "page");
  return made;
}
