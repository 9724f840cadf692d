/** The versions of a rule in words: who changed what and why, and the way back. */
import { get } from "../../api.js";
import { el, fill } from "../../dom.js";
import { moment, number, percent, t, word } from "../../i18n.js";
import { createReader } from "../admin/reader.js";

/** @typedef {import("openapi").Rule} Rule */

const FIELDS = /** @type {const} */ (["life", "clearance_m", "least_share", "before_days", "after_days", "owners", "severity", "blocking", "departments", "same_side", "ends_within_days", "least_count", "window_days"]);

/**
 * @param {() => boolean} mayChange
 * @param {(version: Rule) => void} back puts a version back
 */
export function createHistory(mayChange, back) {
  const list = el("ol", { class: "versions" });
  let id = "";
  const reader = createReader(
    () => get(`/rules/${id}/versions`),
    (/** @type {{items: Rule[]}} */ { items }) => {
      fill(list, ...items.map((one, n) => row(one, items[n + 1], n > 0)));
      return t("rules.versions", { n: items.length });
    },
  );

  /** @param {Rule} one @param {Rule | undefined} before @param {boolean} isOld */
  function row(one, before, isOld) {
    const who = one.changed_by ? t("rules.by", { who: one.changed_by, at: moment(one.created_at) }) : t("rules.by_service", { at: moment(one.created_at) });
    const changes = before ? FIELDS.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(before[name])) : [];
    const differences = changes.map((name) => el("li", {}, `${word("rules_field", name)}: `, el("del", {}, inWords(name, before?.[name])), " → ", el("b", {}, inWords(name, one[name]))));
    return el(
      "li",
      {},
      el("h3", {}, t("rules.version", { version: one.version })),
      el("p", { class: "small" }, who, one.reason ? `. “${one.reason}”` : ""),
      differences.length > 0 ? el("ul", {}, ...differences) : el("p", { class: "small" }, t(before ? "rules.no_difference" : "rules.first")),
      isOld && mayChange() && el("button", { class: "btn", type: "button", onclick: () => back(one) }, t("rules.back", { version: one.version })),
    );
  }

  return {
    element: el("section", {}, el("h2", {}, t("rules.history")), reader.element, list),
    /** @param {Rule} rule */
    show(rule) {
      if (rule.id !== id) reader.forget();
      id = rule.id;
      reader.load();
    },
  };
}

/** @param {typeof FIELDS[number]} name @param {unknown} value */
export function inWords(name, value) {
  if (value === null || value === undefined) return name === "severity" ? t("rules.from_money") : "–";
  if (name === "life") return word("rules_life", String(value));
  if (name === "owners") return word("rules_owners", String(value));
  if (name === "severity") return word("severity", String(value));
  if (name === "least_share") return percent(Number(value));
  if (Array.isArray(value)) return value.map((code) => word("department", code)).join(", ");
  if (typeof value === "boolean") return t(value ? "rules.yes" : "rules.no");
  return `${number(Number(value), 2)} ${word("rules_unit", name)}`;
}
