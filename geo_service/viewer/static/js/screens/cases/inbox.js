/** "Afstemming": what is to be decided first, before when, for how much. */
import { get } from "../../api.js";
import { el, fill } from "../../dom.js";
import { follow } from "../../follow.js";
import { number, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { conflicts as conflictLayer } from "../../map/layers/conflicts.js";
import { opportunities } from "../../map/layers/opportunities.js";
import { swatch } from "../../map/swatch.js";
import { caseAmount, caseMatter, caseName, decideBy } from "./words.js";

/** @typedef {import("openapi").Case} Case */
/** @typedef {import("../../address.js").ViewState} ViewState */
/** @typedef {ReturnType<typeof createInbox>} Inbox */

const PAGE = 200;
/** @type {readonly NonNullable<ViewState["status"]>[]} */
const STATUSES = ["open", "acknowledged", "agreed", "settled", "accepted_risk"];
const DEPARTMENTS = ["nutsen", "werkplaatsen", "publiek_domein", "patrimonium", "stedenbouw"];
const FILTERS = /** @type {const} */ (["status", "department", "person"]);

/** @param {import("../../state.js").State} state */
export function createInbox(state) {
  const status = choice("stand", t("cases.undecided"), STATUSES.map((code) => [code, word("status", code)]));
  const department = choice("dienst", t("cases.everybody"), DEPARTMENTS.map((code) => [code, word("department", code)]));
  const person = el("input", { type: "search", id: "wie", autocomplete: "off", onchange: filter });
  status.addEventListener("change", filter);
  department.addEventListener("change", filter);
  const filters = el(
    "div",
    { class: "filters" },
    ...[{ key: "cases.status", field: status }, { key: "cases.department", field: department }, { key: "cases.person", field: person }].map((one) =>
      el("label", { for: one.field.id }, t(one.key), one.field),
    ),
  );
  const count = el("p", { class: "small", role: "status" });
  const rows = el("ul", { class: "rows" });
  const more = el("button", { class: "btn", type: "button", hidden: true, onclick: () => load(true) }, t("cases.more"));
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const title = el("h1", { tabindex: "-1" }, t("screen.cases"));
  const element = el("div", { class: "view", hidden: true }, title, filters, count, problem, rows, more);
  /** @type {Case[]} */
  let items = [];
  /** @type {string | null} */
  let next = null;
  let turn = 0;

  function filter() {
    state.go({ status: /** @type {ViewState["status"]} */ (status.value) || null, department: department.value || null, person: person.value.trim() || null });
  }

  /** @param {boolean} [further] the next page, behind what is listed */
  async function load(further = false) {
    const own = ++turn;
    problem.hidden = true;
    if (items.length === 0) count.textContent = t("list.loading");
    try {
      const page = await get(`/cases?${query(state.now, further ? next : null)}`);
      if (own !== turn) return;
      items = further ? [...items, ...page.items] : page.items;
      next = page.next;
      show(page.total);
    } catch (error) {
      const again = el("button", { class: "btn primary", type: "button", onclick: () => load(further) }, t("action.try_again"));
      fill(problem, el("p", {}, el("b", {}, t("cases.error")), ` ${/** @type {Error} */ (error).message}`), again);
      count.textContent = "";
      problem.hidden = false;
    }
  }

  /** @param {number} total */
  function show(total) {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.case : undefined;
    const isFiltered = FILTERS.some((name) => state.now[name]);
    const none = t(isFiltered ? "cases.none_here" : "cases.none");
    count.textContent = total === 0 ? none : t("cases.count", { n: number(total) });
    fill(rows, ...items.map((one) => el("li", {}, row(one))));
    more.hidden = next === null;
    if (focused) rowOf(focused)?.focus();
  }

  /** @param {string} id @returns {HTMLElement | null} */
  const rowOf = (id) => rows.querySelector(`[data-case="${CSS.escape(id)}"]`);

  state.onChange((now, before) => {
    if (now.screen !== "cases") return;
    status.value = now.status ?? "";
    department.value = now.department ?? "";
    person.value = now.person ?? "";
    const isAnother = before?.screen !== "cases" || FILTERS.some((name) => before[name] !== now[name]);
    const isBack = Boolean(before?.case) && !now.case;
    if (isAnother) items = [];
    if (isAnother || isBack) load();
  });

  const isOpen = (/** @type {ViewState} */ now) => now.screen === "cases" && !now.case && !now.selection;
  // further pages that somebody asked for stay: the first would throw them away
  follow(() => isOpen(state.now) && items.length <= PAGE && load());

  /** @param {string} key @returns {boolean} whether it moved through the list, or opened its first case */
  function press(key) {
    const first = rows.querySelector("a");
    if (!first) return false;
    const isOnPage = !document.activeElement || [document.body, title].includes(/** @type {HTMLElement} */ (document.activeElement));
    if (key === "Enter" && isOnPage) first.click();
    if (key !== "j" && key !== "k") return key === "Enter" && isOnPage;
    const links = [...rows.querySelectorAll("a")];
    const at = links.findIndex((link) => link === document.activeElement);
    const to = links[at < 0 ? 0 : at + (key === "j" ? 1 : -1)];
    to?.focus();
    return Boolean(to);
  }

  return {
    view: { element, wants: isOpen, subject: () => t("screen.cases"), press },
    /** The case before (-1) or after (1) another in the list; the first when that is not in it. @param {string} id @param {-1 | 1} step */
    neighbour(id, step) {
      const at = items.findIndex((one) => one.id === id);
      return (at < 0 ? items[0] : items[at + step])?.id ?? null;
    },
  };
}

/** @param {ViewState} now @param {string | null} cursor */
function query(now, cursor) {
  const parts = new URLSearchParams({ limit: String(PAGE) });
  if (now.status) parts.set("status", now.status);
  else parts.set("undecided", "true");
  if (now.department) parts.set("department", now.department);
  if (now.person) parts.set("person", now.person);
  if (cursor) parts.set("cursor", cursor);
  return parts;
}

/** @param {string} id @param {string} all @param {[string, string][]} options */
function choice(id, all, options) {
  return el("select", { id }, el("option", { value: "" }, all), ...options.map(([value, label]) => el("option", { value }, label)));
}

/** @param {Case} one */
function row(one) {
  const decided = one.statuses.filter((code) => code !== "open").map((code) => word("status", code));
  const chips = [
    el("span", { class: "chip last" }, decideBy(one)),
    el("span", { class: "chip" }, word("severity", one.severity)),
    one.conflicts > 1 && el("span", { class: "chip" }, t("cases.conflicts", { n: one.conflicts })),
    ...[...decided, ...one.departments.map((code) => word("department", code)), ...one.persons].map((text) => el("span", { class: "chip" }, text)),
  ];
  return el(
    "a",
    { class: "row", href: address({ screen: "cases", case: one.id, selection: null }), "data-case": one.id },
    swatch((one.opportunity ? opportunities : conflictLayer).legend.shape),
    el("b", {}, caseName(one)),
    el("span", { class: "amount" }, caseAmount(one)),
    el("small", {}, caseMatter(one)),
    el("span", { class: "chips" }, ...chips),
  );
}
