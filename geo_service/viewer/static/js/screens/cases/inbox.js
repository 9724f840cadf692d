/** "Afstemming": what is to be decided first, before when, for how much. */
import { get } from "../../api.js";
import { el, fill } from "../../dom.js";
import { follow } from "../../follow.js";
import { money, number, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { conflicts as conflictLayer } from "../../map/layers/conflicts.js";
import { opportunities } from "../../map/layers/opportunities.js";
import { swatch } from "../../map/swatch.js";
import { createFilters } from "./filters.js";
import { caseAmount, caseMatter, caseName, decideBy } from "./words.js";

/** @typedef {import("openapi").Case} Case */
/** @typedef {import("../../address.js").ViewState} ViewState */
/** @typedef {ReturnType<typeof createInbox>} Inbox */

const PAGE = 200;
/** Lists of papers instead of cases: fetched when they are asked for. @type {readonly ViewState["list"][]} */
const REGISTERS = ["requests", "claims", "protected", "works"];

/** @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person @param {() => string} today */
export function createInbox(state, person, today) {
  const filters = createFilters(state, person);
  const count = el("p", { class: "small", role: "status" });
  const rows = el("ul", { class: "rows" });
  const more = el("button", { class: "btn", type: "button", hidden: true, onclick: () => load(true) }, t("cases.more"));
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const title = el("h1", { class: "screen-name", tabindex: "-1" }, t("screen.cases"));
  const bulk = el("div", { class: "view" });
  const allPlace = el("div", { hidden: true });
  /** @type {ReturnType<typeof import("./choose_all.js").createChooseAll> | null} */
  let all = null;
  const above = el("div", {});
  const cases = el("div", { class: "view" }, filters.element, above, count, allPlace, bulk, problem, rows, more);
  const register = el("div", { class: "view", hidden: true });
  const element = el("div", { class: "view", hidden: true }, title, filters.tabs, cases, register);
  /** @type {Case[]} */
  let items = [];
  /** @type {string | null} */
  let next = null;
  let total = 0;
  /** @type {import("openapi").CaseTotals | null} */
  let totals = null;
  let turn = 0;
  /** What each row shows, once that is fetched. @type {import("./looks.js").Looks | null} */
  let looks = null;
  /** Cases to take one step with. @type {Set<string>} */
  const chosen = new Set();

  /** @param {boolean} [further] the next page, behind what is listed */
  async function load(further = false) {
    const own = ++turn;
    problem.hidden = true;
    if (items.length === 0) count.textContent = t("list.loading");
    try {
      const page = await get(`/cases?limit=${PAGE}&${filters.query(state.now)}${further && next ? `&cursor=${next}` : ""}`);
      if (own !== turn) return;
      items = further ? [...items, ...page.items] : page.items;
      next = page.next;
      ({ total, totals } = page);
      show();
    } catch (error) {
      if (own !== turn) return;
      const again = el("button", { class: "btn primary", type: "button", onclick: () => load(further) }, t("action.try_again"));
      fill(problem, el("p", {}, el("b", {}, t("cases.error")), ` ${/** @type {Error} */ (error).message}`), again);
      count.textContent = "";
      problem.hidden = false;
    }
  }

  /** Nothing of one list stands under the name of another. */
  function forget() {
    items = [];
    next = totals = null;
    chosen.clear();
    fill(rows);
    allPlace.hidden = more.hidden = true;
    showBulk();
  }

  function show() {
    if (!totals) return;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.case : undefined;
    const none = t(filters.isNarrow(state.now) ? "cases.none_here" : "cases.none");
    const stake = [totals.at_risk_eur > 0 && t("desk.at_risk", { amount: money(totals.at_risk_eur) }), totals.saving_eur > 0 && t("desk.saving", { amount: money(totals.saving_eur) })];
    count.textContent = total === 0 ? none : [t("cases.count", { n: number(total, 0) }), ...stake].filter(Boolean).join(" · ");
    for (const id of chosen) if (!items.some((one) => one.id === id)) chosen.delete(id);
    fill(rows, ...items.map((one) => el("li", {}, choice(one), row(one, looks))));
    more.hidden = next === null;
    import("./case.js").catch(() => undefined); // the next click needs it
    showBulk();
    showTools();
    if (focused) rowOf(focused)?.focus();
  }

  /** The choice of columns, and the file of the list. */
  async function showTools() {
    if (looks) return;
    const { createLooks } = await import("./looks.js");
    const made = await createLooks(state, person, () => `/cases?limit=1000&${filters.query(state.now)}`, show);
    looks ??= made;
    fill(above, looks.element);
    show();
  }

  function showLooks() {
    looks?.refresh();
    if (totals) show();
  }

  /** A box to choose a case for a step with several. @param {Case} one */
  function choice(one) {
    if (!filters.mayDecide()) return null;
    const box = el("input", { type: "checkbox", class: "choose", "aria-label": t("desk.choose", { place: caseName(one) }), checked: chosen.has(one.id), onchange: () => choose(one.id, box.checked) });
    return box;
  }

  /** @param {string} id @param {boolean} isChosen */
  function choose(id, isChosen) {
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    showBulk();
  }

  /** @param {boolean} isChosen */
  function chooseAll(isChosen) {
    for (const { id } of items) isChosen ? chosen.add(id) : chosen.delete(id);
    for (const box of rows.querySelectorAll("input")) box.checked = isChosen;
    showBulk();
  }

  /** The box for all of them; nobody waits for it. */
  async function showAll() {
    const { createChooseAll } = await import("./choose_all.js");
    if (!all) allPlace.append((all = createChooseAll(chooseAll)).element);
    allPlace.hidden = !filters.mayDecide() || items.length === 0;
    all.show(items.length, total, chosen.size);
  }

  async function showBulk() {
    showAll().catch(() => undefined);
    if (chosen.size === 0 && bulk.childElementCount === 0) return;
    const { bulkBar } = await import("./bulk.js");
    const ids = [...chosen];
    bulkBar(bulk, ids, () => {
      for (const id of ids) chosen.delete(id);
      return load();
    });
  }

  /** @param {string} id @returns {HTMLElement | null} */
  const rowOf = (id) => rows.querySelector(`[data-case="${CSS.escape(id)}"]`);
  const isRegister = (/** @type {ViewState} */ now) => REGISTERS.includes(now.list);

  /** @param {ViewState} now */
  async function showRegister(now) {
    const { fillRegister } = await import("./registers.js");
    if (state.now.list === now.list) await fillRegister(register, now, state, person, today());
  }

  state.onChange((now, before) => {
    if (now.screen !== "cases") return;
    filters.show(now);
    cases.hidden = isRegister(now);
    register.hidden = !isRegister(now);
    const isAnother = before?.screen !== "cases" || filters.differ(before, now);
    const isBack = Boolean(before?.case) && !now.case;
    if (isRegister(now)) {
      if (isAnother) showRegister(now);
      return;
    }
    if (isAnother) forget();
    if (isAnother || isBack) load();
    else if (before?.columns !== now.columns) showLooks();
  });
  // who is signed in decides which tabs and boxes there are
  person.onChange(() => {
    filters.show(state.now);
    showLooks();
  });

  const isOpen = (/** @type {ViewState} */ now) => now.screen === "cases" && !now.case && !now.selection;
  // further pages that somebody asked for stay: the first would throw them away
  follow(() => isOpen(state.now) && (isRegister(state.now) ? showRegister(state.now) : items.length <= PAGE && load()));

  /** @param {string} key @returns {boolean} whether it moved through the list, chose a case, or opened the first */
  function press(key) {
    const links = [...rows.querySelectorAll("a")];
    const [first] = links;
    if (!first || isRegister(state.now)) return false;
    const at = links.findIndex((link) => link === document.activeElement);
    if (key === "X") return filters.mayDecide() && Boolean(all?.toggle());
    if (key === "x") return at >= 0 && Boolean(links[at]?.parentElement?.querySelector("input")?.click() ?? true);
    const isOnPage = !document.activeElement || [document.body, title].includes(/** @type {HTMLElement} */ (document.activeElement));
    if (key === "Enter" && isOnPage) first.click();
    if (key !== "j" && key !== "k") return key === "Enter" && isOnPage;
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
    /** The how-manieth of the list a case is; 0 when it is not in it. @param {string} id */
    place: (id) => ({ at: items.findIndex((one) => one.id === id) + 1, total }),
  };
}

/** @param {Case} one @param {import("./looks.js").Looks | null} looks null: the usual ones */
function row(one, looks) {
  const has = (/** @type {string} */ name) => !looks || looks.has(name);
  const decided = one.statuses.filter((code) => code !== "open").map((code) => word("status", code));
  const chips = [
    has("last_day") && el("span", { class: "chip last" }, decideBy(one)),
    one.escalated && el("span", { class: "chip last" }, t("desk.escalated")),
    one.waits && el("span", { class: "chip" }, t("desk.waits")),
    has("severity") && el("span", { class: "chip" }, word("severity", one.severity)),
    has("conflicts") && one.conflicts > 1 && el("span", { class: "chip" }, t("cases.conflicts", { n: one.conflicts })),
    ...[...(has("status") ? decided : []), ...(has("department") ? one.departments.map((code) => word("department", code)) : []), ...(has("person") ? one.persons : []), ...(looks?.extras(one) ?? [])].map((text) => el("span", { class: "chip" }, text)),
  ];
  return el(
    "a",
    { class: "row", href: address({ screen: "cases", case: one.id, selection: null }), "data-case": one.id },
    swatch((one.opportunity ? opportunities : conflictLayer).legend.shape),
    el("b", {}, caseName(one)),
    has("amount") && el("span", { class: "amount" }, caseAmount(one)),
    has("matter") && el("small", {}, caseMatter(one)),
    el("span", { class: "chips" }, ...chips),
  );
}
