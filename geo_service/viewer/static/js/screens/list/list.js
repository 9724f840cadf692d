/** The conflicts as a list: what is on the map is also here. The gravest first, of those the most money; opportunities apart. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { follow, notReread } from "../../follow.js";
import { money, period, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { pagesOf } from "../../lists/pages.js";
import { amount, conflictName, partyName, worksParty } from "../../facts.js";
import { conflicts as conflictLayer } from "../../map/layers/conflicts.js";
import { opportunities } from "../../map/layers/opportunities.js";
import { swatch } from "../../map/swatch.js";

/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {Map<string, string>} Groups name of each owner group by its id */

const LIMIT = 500;
const MOST_OF_A_FILE_PAGE = 1000;
const GRAVEST_FIRST = ["critical", "high", "medium", "low", "info"];

/** @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person @returns {import("../panel/panel.js").View} */
export function createConflictList(state, person) {
  const owner = el("select", { id: "eigenaar", onchange: () => state.go({ owner: owner.value || null }) });
  const filter = el("label", { class: "filter", for: "eigenaar", hidden: true }, `${t("list.owner")} `, owner);
  const body = el("div", { class: "view" });
  const head = el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("list.title")), el("a", { class: "btn", href: "/kaart", onclick: close }, icon("back", "s"), t("action.to_check")));
  const above = el("div", {});
  const element = el("div", { class: "view", hidden: true }, head, filter, above, body);
  /** Which columns there are, once that is fetched. @type {import("./looks.js").Looks | null} */
  let looks = null;
  /** @type {{path: string, items: Conflict[], total: number, groups: Groups} | null} */
  let loaded = null;

  /** @param {Event} event */
  function close(event) {
    event.preventDefault();
    state.go({ list: null });
  }

  async function load() {
    if (!loaded) fill(body, el("p", { role: "status" }, t("list.loading")));
    filter.hidden ||= !loaded;
    const path = pathOf(state.now, LIMIT);
    try {
      const before = JSON.stringify([loaded?.path, loaded?.items]);
      const [{ items, total }, organisations] = await Promise.all([get(path), get("/organisations")]);
      if (path !== pathOf(state.now, LIMIT)) return; // others are asked for meanwhile
      loaded = { path, items, total, groups: new Map(organisations.items.map((/** @type {any} */ one) => [one.owner_group, one.owner_group_name])) };
      if (before !== JSON.stringify([path, items])) show();
    } catch (error) {
      if (path !== pathOf(state.now, LIMIT)) return;
      if (loaded?.path === path) return notReread(error);
      const again = el("button", { class: "btn primary", type: "button", onclick: load }, t("action.try_again"));
      fill(body, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("list.error")), ` ${/** @type {Error} */ (error).message}`), again));
    }
  }

  function show() {
    if (!loaded) return;
    const { items, total, groups } = loaded;
    const { owner: wanted, department } = state.now;
    const names = new Map([...groups, ...(wanted && !groups.has(wanted) ? [/** @type {const} */ ([wanted, wanted])] : [])]);
    fill(owner, el("option", { value: "" }, t("list.everybody")), ...[...names].sort((a, b) => a[1].localeCompare(b[1])).map(([id, name]) => el("option", { value: id }, name)));
    owner.value = wanted ?? "";
    filter.hidden = names.size < 2;
    const focused = body.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    fill(body, department && el("p", { class: "small" }, `${t("cases.department")}: ${word("department", department)}`), ...listParts(items, total, looks));
    showTools();
    if (focused) [...body.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
  }

  /** The choice of columns, and the file of the list. */
  async function showTools() {
    if (looks) return looks.refresh();
    const { createLooks } = await import("./looks.js");
    const made = await createLooks(state, person, async () => inOrder((await pagesOf(pathOf(state.now, MOST_OF_A_FILE_PAGE))).items), show);
    looks ??= made;
    fill(above, looks.element);
    show();
  }

  person.onChange(show);
  follow(() => state.now.list === "conflicts" && load());
  state.onChange((now, before) => {
    if (now.list === "conflicts" && (before?.list !== "conflicts" || before.owner !== now.owner || before.department !== now.department)) load();
    else if (before?.columns !== now.columns) show();
  });
  return { element, wants: (now) => now.screen === "map" && now.list === "conflicts" && !now.selection, subject: () => t("list.title") };
}

/** The conflicts of the owner and the department that the map shows. @param {import("../../address.js").ViewState} now @param {number} limit */
function pathOf({ owner, department }, limit) {
  return `/conflicts?${new URLSearchParams({ status: "open", limit: String(limit), ...(owner && { owner }), ...(department && { department }) })}`;
}

/** The gravest first, of those the most money; opportunities behind them. @param {Conflict[]} items */
function inOrder(items) {
  const sorted = [...items].sort((a, b) => rank(a) - rank(b) || amount(b.facts) - amount(a.facts));
  return [...sorted.filter((one) => !one.opportunity), ...sorted.filter((one) => one.opportunity)];
}

/** @param {Conflict[]} items @param {number} total @param {import("./looks.js").Looks | null} looks null: the usual columns */
function listParts(items, total, looks) {
  if (items.length === 0) return [el("p", {}, t("list.empty"))];
  const sorted = inOrder(items);
  const chances = sorted.filter((one) => one.opportunity);
  const conflicts = sorted.filter((one) => !one.opportunity);
  const line = (/** @type {Conflict} */ one) => el("li", {}, conflictRow(one, looks?.extras(one).join(" · "), looks?.has));
  return [
    el("p", { class: "small", role: "status" }, t("list.count", { n: total }), " ", atRisk(conflicts)),
    el("ul", { class: "rows" }, ...conflicts.map(line)),
    chances.length > 0 && el("h2", { class: "label" }, t("list.chances", { n: chances.length })),
    chances.length > 0 && el("ul", { class: "rows" }, ...chances.map(line)),
  ];
}

/** @param {Conflict} conflict */
const rank = (conflict) => GRAVEST_FIRST.indexOf(conflict.severity);

/** All money at risk: a repair that meets several works is lost once, so of each only the largest amount counts. @param {Conflict[]} conflicts */
function atRisk(conflicts) {
  /** @type {Map<string, number>} */
  const largest = new Map();
  for (const one of conflicts) {
    const repair = one.a.repair?.id ?? one.b.repair?.id;
    if (repair && amount(one.facts) > 0) largest.set(repair, Math.max(largest.get(repair) ?? 0, amount(one.facts)));
  }
  const sum = [...largest.values()].reduce((all, one) => all + one, 0);
  return sum > 0 ? t("list.at_risk", { amount: money(sum), n: largest.size }) : "";
}

/** A conflict as a row that opens it. @param {Conflict} conflict @param {string} [note] one more line @param {(column: string) => boolean} [has] which columns it shows */
export function conflictRow(conflict, note, has = () => true) {
  const owners = [conflict.a, conflict.b].map(partyName).join(" × ");
  const works = worksParty(conflict);
  const [from, to] = [works?.claim?.stated_starts_on ?? works?.starts_on, works?.claim?.stated_ends_on ?? works?.ends_on];
  const when = from && conflict.rule !== "guarantee_applies" ? period(from, to) : "";
  const line = [conflict.number, has("owners") && owners, has("period") && when, has("severity") && word("severity", conflict.severity)].filter(Boolean).join(" · ");
  const euro = amount(conflict.facts);
  return el(
    "a",
    { class: "row", href: address({ selection: `conflict:${conflict.id}` }), "data-severity": conflict.severity },
    swatch((conflict.opportunity ? opportunities : conflictLayer).legend.shape),
    el("b", {}, conflictName(conflict)),
    el("span", { class: "amount" }, euro && has("amount") ? money(euro) : ""),
    works?.works?.title && has("title") && el("small", {}, works.works.title),
    el("small", {}, line),
    note && el("small", {}, note),
  );
}
