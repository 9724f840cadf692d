/** Which cases the list shows: tabs, filters, and views that somebody keeps. All of it stands in the address. */
import { get } from "../../api.js";
import { el, fill } from "../../dom.js";
import { may } from "../../person.js";
import { fillTabs } from "../../tabs.js";
import { DEPARTMENTS } from "../../departments.js";
import { t, word } from "../../i18n.js";
import { address } from "../../address.js";

/** @typedef {import("../../address.js").ViewState} ViewState */
/** @typedef {NonNullable<ViewState["list"]>} List */

/** @type {readonly NonNullable<ViewState["status"]>[]} */
const STATUSES = ["open", "acknowledged", "agreed", "settled", "accepted_risk"];
const RULES = ["wasted_repair", "repair_during_works", "guarantee_applies", "protected_ground", "works_clash", "shared_trench", "repair_in_wake", "access_blocked", "accumulated_hindrance"];
const TERMS = ["0", "7", "14", "30"];
const SORTS = ["money", "day", "street"];
/** What narrows the list of cases, in the order of the form. */
const NARROW = /** @type {const} */ (["status", "department", "person", "owner", "street", "rule", "within", "since", "until"]);
const FOLDED = /** @type {const} */ (["owner", "street", "rule", "within", "since", "until", "sort"]);
const PARTS = /** @type {const} */ (["list", "from", "sort", ...NARROW]);
const VIEW = /** @type {const} */ ([...PARTS, "columns"]);
/** @type {readonly (List | null)[]} */
const TABS = [null, "mine", "conflicts", "chances", "requests", "claims", "protected"];
/** @type {readonly (List | null)[]} */
const TABS_OF_PARTNER = [null, "requests", "works"];

/** @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person */
export function createFilters(state, person) {
  const fields = {
    status: choice("stand", t("cases.undecided"), STATUSES.map((code) => [code, word("status", code)])),
    department: choice("dienst", t("cases.everybody"), DEPARTMENTS.map((code) => [code, word("department", code)])),
    person: el("input", { type: "search", id: "wie", autocomplete: "off" }),
    owner: choice("eigenaar-dossier", t("list.everybody"), []),
    street: el("input", { type: "search", id: "straat", autocomplete: "off" }),
    rule: choice("regel", t("desk.every_rule"), RULES.map((code) => [code, word("rule", code)])),
    within: choice("termijn", t("desk.any_day"), TERMS.map((n) => [n, t(`desk.within.${n}`)])),
    since: el("input", { type: "date", id: "sinds" }),
    until: el("input", { type: "date", id: "geopend-tot" }),
    sort: choice("sorteer", t("desk.sort.score"), SORTS.map((code) => [code, t(`desk.sort.${code}`)])),
  };
  const names = /** @type {(keyof typeof fields)[]} */ (Object.keys(fields));
  const labels = { status: "cases.status", department: "desk.followed_by_department", person: "desk.followed_by_person", owner: "list.owner", street: "desk.street", rule: "desk.rule_filter", within: "desk.within", since: "desk.since", until: "desk.opened_until", sort: "desk.sort" };
  for (const name of names) fields[name].addEventListener("change", filter);
  const folded = el("details", { class: "open-up more-filters" }, el("summary", {}, t("desk.filters")), el("div", { class: "filters" }, ...FOLDED.map(labelled)));
  const views = el("div", { class: "view" });
  const element = el("div", { class: "view" }, el("div", { class: "filters" }, labelled("status"), labelled("department"), labelled("person")), folded, views);
  const tabs = el("nav", { class: "tabs", "aria-label": t("desk.lists") });

  /** @param {keyof typeof fields} name */
  function labelled(name) {
    return el("label", { for: fields[name].id }, t(labels[name]), fields[name]);
  }

  function filter() {
    state.go(Object.fromEntries(names.map((name) => [name, fields[name].value.trim() || null])));
  }

  async function loadOwners() {
    const { items } = await get("/organisations");
    const groups = new Map(items.map((/** @type {any} */ one) => [one.owner_group, one.owner_group_name]));
    fill(fields.owner, el("option", { value: "" }, t("list.everybody")), ...[...groups].map(([id, name]) => el("option", { value: id }, name)));
    fields.owner.value = state.now.owner ?? "";
  }
  loadOwners().catch(() => undefined); // the list works without

  /** @param {ViewState} now */
  async function show(now) {
    for (const name of names) fields[name].value = now[name] ?? "";
    folded.open ||= FOLDED.some((name) => now[name]);
    const list = person.current && !may(person.current.role, "read all owners") ? TABS_OF_PARTNER : TABS;
    fillTabs(tabs, ...list.map((name) => tab(name, now.list === name)));
    const { fillViews } = await import("../../lists/views.js");
    fillViews(views, "cases", state, person, VIEW);
  }

  return {
    element,
    tabs,
    show,
    mayDecide: () => may(person.current?.role, "agree"),
    /** Whether something narrows the list, beside its tab. @param {ViewState} now */
    isNarrow: (now) => NARROW.some((name) => now[name]),
    /** @param {ViewState} one @param {ViewState} other */
    differ: (one, other) => PARTS.some((name) => one[name] !== other[name]),
    query,
  };
}

/** @param {List | null} name @param {boolean} isHere */
function tab(name, isHere) {
  const link = el("a", { href: address({ screen: "cases", case: null, list: name, from: null }) }, t(`desk.list.${name ?? "all"}`));
  if (isHere) link.setAttribute("aria-current", "page");
  return link;
}

/** The filters as the service takes them. @param {ViewState} now */
function query(now) {
  const parts = new URLSearchParams();
  /** @type {Record<string, string | null>} */
  const values = { status: now.status, department: now.department, person: now.person, owner: now.owner, street: now.street, rule: now.rule, within_days: now.within, opened_from: now.since, opened_until: now.until, sort: now.sort };
  for (const [name, value] of Object.entries(values)) if (value) parts.set(name, value);
  if (!now.status) parts.set("undecided", "true");
  if (now.list === "mine") parts.set("mine", "true");
  if (now.list === "chances" || now.list === "conflicts") parts.set("opportunity", String(now.list === "chances"));
  return parts;
}

/** @param {string} id @param {string} all @param {[string, string][]} options */
function choice(id, all, options) {
  return el("select", { id }, el("option", { value: "" }, all), ...options.map(([value, label]) => el("option", { value }, label)));
}
