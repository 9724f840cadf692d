/** Before and after: what a change would make appear and disappear, as counts, as a list and on the map. Nothing is stored. */
import { el, fill } from "../../dom.js";
import { clock, money, number, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { amount, partyName } from "../../facts.js";
import { createTable } from "../admin/table.js";

/** @typedef {import("openapi").RulePreview} Preview */
/** @typedef {import("openapi").PreviewedConflict} Conflict */
/** @typedef {{conflict: Conflict, change: "appear" | "disappear" | "change_severity"}} Line */

const SHAPES = { appear: "◆", disappear: "◇", change_severity: "◈" };
const MOST = 100;

/**
 * @param {import("../../opened.js").Opened} opened
 * @param {() => void} again
 */
export function createPreview(opened, again) {
  const line = el("p", { class: "small", role: "status" });
  const totals = el("table", { class: "list-table", hidden: true });
  const counts = el("p", { hidden: true });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const table = createTable(
    "rules.preview_list",
    [
      { head: "rules.what", cell: (/** @type {Line} */ { conflict, change }) => [el("span", { "aria-hidden": "true" }, SHAPES[change]), ` ${word("rules_change", change)} `, el("a", { href: place(conflict) }, `${partyName(conflict.a)} × ${partyName(conflict.b)}`)] },
      { head: "facts.severity", cell: (/** @type {Line} */ { conflict }) => [conflict.severity_before, conflict.severity_after].filter((code, n, both) => code && both.indexOf(code) === n).map((code) => word("severity", code)).join(" → ") },
      { head: "rules.money", isNumber: true, cell: (/** @type {Line} */ { conflict }) => (amount(conflict.facts) ? money(amount(conflict.facts)) : "–") },
    ],
    ({ change }) => ({ "data-change": change }),
  );
  const element = el("section", { class: "rule-preview", "aria-label": t("rules.preview") }, el("h2", {}, t("rules.preview")), line, totals, counts, problem, table.element);

  function clear() {
    line.textContent = t("rules.preview_lead");
    totals.hidden = counts.hidden = problem.hidden = true;
    table.show([]);
  }

  /** @param {Preview} found */
  function show(found) {
    problem.hidden = true;
    line.textContent = t("rules.preview_at", { time: clock(found.computed_at) });
    fill(totals, el("caption", { class: "vh" }, t("rules.preview")), el("thead", {}, el("tr", {}, ...["rules.figure", "rules.before", "rules.after"].map((key) => el("th", { scope: "col" }, t(key))))), el("tbody", {}, ...rows(found)));
    totals.hidden = counts.hidden = false;
    fill(counts, `${SHAPES.appear} ${t("rules.new", { n: found.counts.appear })}  ${SHAPES.disappear} ${t("rules.gone", { n: found.counts.disappear })}  ${SHAPES.change_severity} ${t("rules.other", { n: found.counts.change_severity })}`);
    /** @type {Line[]} */
    const lines = /** @type {Line["change"][]} */ (["appear", "disappear", "change_severity"]).flatMap((change) => found[change].map((conflict) => ({ conflict, change })));
    table.show(lines.slice(0, MOST));
    const geometries = lines.flatMap(({ conflict }) => (conflict.geometry ? [conflict.geometry] : []));
    if (geometries.length > 0) opened.show(/** @type {any} */ ({ type: "GeometryCollection", coordinates: [], geometries }));
  }

  clear();
  return {
    element,
    clear,
    show,
    wait() {
      problem.hidden = true;
      line.textContent = t("rules.busy");
    },
    /** @param {Error} error */
    fail(error) {
      line.textContent = "";
      const button = el("button", { class: "btn", type: "button", onclick: again }, t("action.try_again"));
      fill(problem, el("p", {}, el("b", {}, t("rules.preview_error")), ` ${error.message} ${(/** @type {any} */ (error).reasons ?? []).join("; ")}`), button);
      problem.hidden = false;
    },
  };
}

/** @param {Preview} found */
function rows({ before, after }) {
  const figures = /** @type {const} */ ([["rules.conflicts", "conflicts"], ["rules.holding", "blocking"], ["facts.at_risk", "cost_at_risk_eur"]]);
  return figures.map(([key, name]) => el("tr", {}, el("th", { scope: "row" }, t(key)), ...[before, after].map((side) => el("td", {}, name === "cost_at_risk_eur" ? money(side[name]) : number(side[name], 0)))));
}

/** Where it is: the works or the repair, on the map. @param {Conflict} conflict */
function place({ a, b }) {
  const party = [a, b].find((one) => one.repair) ?? [a, b].find((one) => one.works);
  const id = party?.repair?.id ?? party?.works?.id;
  return id ? address({ screen: "map", ruleId: null, selection: `${party?.repair ? "repair" : "works"}:${id}` }) : address({});
}
