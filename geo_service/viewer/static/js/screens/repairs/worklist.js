/** "Herstellingen": what changed overnight, what a crew does now, what waits for works. */
import { get, keptAt } from "../../api.js";
import { el, fill } from "../../dom.js";
import { fillTabs } from "../../tabs.js";
import { address } from "../../address.js";
import { clock, moment, number, t } from "../../i18n.js";
import { follow, notReread } from "../../follow.js";
import { pagesOf } from "../../lists/pages.js";
import { outbox } from "../../outbox/outbox.js";
import { ahead } from "./ahead.js";
import { ORDER, inGroups } from "./groups.js";
import { createJob } from "./job.js";
import { createNotice } from "./notice.js";
import { createWaiting } from "./waiting.js";

/** @typedef {import("openapi").Worklist} Worklist */
/** @typedef {import("../../address.js").ViewState} ViewState */
/** @typedef {import("./groups.js").GroupName} GroupName */

const LIST = "/worklist?limit=1000";
/** Parts of the address that make a view. */
const VIEW = /** @type {const} */ (["list", "team", "columns"]);

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../status.js").StatusSource} status
 * @param {() => string} today
 * @returns {import("../panel/panel.js").View}
 */
export function createWorklist(state, person, status, today) {
  const title = el("h1", { class: "screen-name", tabindex: "-1" }, t("screen.repairs"));
  const tabs = el("nav", { class: "tabs", "aria-label": t("repairs.groups") });
  const team = el("select", { id: "ploeg", onchange: () => state.go({ team: team.value || null }) });
  const filter = el("label", { class: "filter", for: "ploeg", hidden: true }, `${t("repairs.team")} `, team);
  const print = el("a", { class: "btn", href: "/api/v1/dispatch?format=pdf", target: "_blank" }, t("repairs.print"));
  const plan = el("a", { class: "btn", href: address({ screen: "repairs", repair: null, list: "plan" }) }, t("plan.title"));
  const checked = el("p", { class: "small", tabindex: "-1" });
  const notice = createNotice();
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const strays = createWaiting(true);
  const empty = el("p", { class: "lead", hidden: true });
  const sections = new Map(ORDER.map((name) => [name, groupPart(name)]));
  const board = el("div", { class: "board" }, ...[...sections.values()].map((one) => one.element));
  const head = el("div", { class: "board-head" }, title, tabs, filter, print, plan);
  const above = el("div", { class: "view" });
  const views = el("div", { class: "view" });
  const element = el("div", { class: "view", hidden: true }, head, checked, notice.element, problem, strays.element, above, empty, board);
  /** Which columns there are, once that is fetched. @type {import("./looks.js").Looks | null} */
  let looks = null;
  /** @type {Map<string, import("./job.js").Job>} by id of the repair */
  const jobs = new Map();
  /** @type {Worklist | null} */
  let loaded = null;
  /** Whether somebody asked for more than the first page, which is long enough for most cities. */
  let isWhole = false;
  let turn = 0;

  async function load() {
    const own = ++turn;
    if (!loaded) checked.textContent = t("repairs.loading");
    try {
      const next = await get(LIST);
      const whole = isWhole && next.next ? await pagesOf(LIST) : next;
      if (own !== turn) return;
      loaded = whole;
      problem.hidden = true;
      const since = keptAt(next);
      fill(checked, since ? t("offline.list_of", { time: moment(since) }) : t("repairs.checked", { time: clock(new Date()) }), ...restOf(whole));
      show();
    } catch (error) {
      if (own !== turn) return;
      if (loaded) return notReread(error);
      const again = el("button", { class: "btn primary", type: "button", onclick: load }, t("action.try_again"));
      fill(problem, el("p", {}, el("b", {}, t("repairs.error")), ` ${/** @type {Error} */ (error).message}`), again);
      checked.textContent = "";
      problem.hidden = false;
    }
  }

  /** Says that there are more than the list shows, and fetches them. @param {Worklist} list */
  function restOf(list) {
    if (!list.next) return [];
    const all = el("button", { class: "link", type: "button", onclick: () => ((isWhole = true), checked.focus(), (all.disabled = true), load()) }, t("repairs.all_of", { n: number(list.total, 0) }));
    return [" ", t("repairs.first_of", { shown: number(list.items.length, 0), n: number(list.total, 0) }), " ", all];
  }

  function show() {
    if (!loaded) return;
    const { on } = loaded;
    const items = loaded.items.map((item) => ahead(item, outbox.entries));
    const choices = teamsOf(loaded);
    fill(team, el("option", { value: "" }, t("list.everybody")), ...choices.map(({ id, name }) => el("option", { value: id }, name)));
    team.value = choices.some(({ id }) => id === state.now.team) ? (state.now.team ?? "") : "";
    filter.hidden = choices.length < 2;
    print.href = `/api/v1/dispatch?${new URLSearchParams({ format: "pdf", on, ...(team.value && { team: team.value }) })}`;
    const groups = groupsInView(items, on);
    const only = onlyGroup();
    fillTabs(tabs, tab(null, [...groups.values()].flat().length, !only), ...ORDER.map((name) => tab(name, groups.get(name)?.length ?? 0, name === only)));
    const focused = document.activeElement;
    for (const [name, section] of sections) lay(section, !only || name === only ? (groups.get(name) ?? []) : []);
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) focused.focus();
    const shown = [...sections.values()].some((section) => !section.element.hidden);
    empty.textContent = t(only ? "repairs.none_here" : "repairs.none");
    empty.hidden = shown;
    const there = new Set(items.map((item) => item.repair.id));
    strays.show((entry) => !there.has(entry.repair));
    forget(there);
    showTools();
  }

  /** @param {import("openapi").WorklistItem[]} items @param {string} on */
  const groupsInView = (items, on) => inGroups(items.filter(({ repair }) => !team.value || repair.team === team.value || repair.owner === team.value), on);
  const onlyGroup = () => ORDER.find((name) => name === state.now.list);

  /** The choice of columns, and the file of what is in view. */
  async function showTools() {
    const { fillViews } = await import("../../lists/views.js");
    fillViews(views, "repairs", state, person, VIEW);
    if (looks) return looks.refresh();
    const { createLooks } = await import("./looks.js");
    const made = await createLooks(state, person, { today, isStale: () => status.isStale(), teams: () => loaded?.teams ?? [], rows: rowsInView, changed: show });
    looks ??= made;
    fill(above, views, looks.element);
    show();
  }

  /** All of them as they would stand below each other, also those of further pages. */
  async function rowsInView() {
    if (!loaded) return [];
    const { items, on } = loaded.next ? await pagesOf(LIST) : loaded;
    const groups = groupsInView(items.map((/** @type {import("openapi").WorklistItem} */ item) => ahead(item, outbox.entries)), on);
    const only = onlyGroup();
    return (only ? [only] : ORDER).flatMap((name) => groups.get(name) ?? []);
  }

  /** @param {ReturnType<typeof groupPart>} section @param {import("openapi").WorklistItem[]} items */
  function lay(section, items) {
    const rows = items.map((item) => {
      const job = jobs.get(item.repair.id) ?? createJob(person, status, today, done);
      jobs.set(item.repair.id, job);
      job.show(item, looks);
      return job.element;
    });
    section.count.textContent = number(items.length, 0);
    section.element.hidden = items.length === 0;
    const same = rows.length === section.rows.children.length && rows.every((row, i) => row === section.rows.children[i]);
    if (!same) fill(section.rows, ...rows);
  }

  /** @param {Set<string>} there */
  function forget(there) {
    for (const id of jobs.keys()) if (!there.has(id)) jobs.delete(id);
  }

  /** @param {string | null} words @param {boolean} [isKept] */
  async function done(words, isKept = false) {
    await load();
    if (words) notice.say(words, isKept);
  }

  /** @param {string} key @returns {boolean} whether it moved through the list, or took the first step of the repair in focus */
  function press(key) {
    const links = [...board.querySelectorAll("li.job")].filter((row) => row instanceof HTMLElement && row.offsetParent);
    const at = links.findIndex((row) => row.contains(document.activeElement));
    if (key === "s") return [...jobs.values()].some((job) => job.element === links[at] && job.press());
    if (key !== "j" && key !== "k") return false;
    const to = links[at < 0 ? 0 : at + (key === "j" ? 1 : -1)]?.querySelector("a");
    to?.focus();
    return Boolean(to);
  }

  const isOpen = (/** @type {ViewState} */ now) => now.screen === "repairs" && now.list !== "plan" && !now.repair && !now.selection;
  state.onChange((now, before) => {
    if (!isOpen(now)) return;
    if (!before || !isOpen(before)) load();
    else show();
  });
  follow(() => isOpen(state.now) && load());
  let asOf = "";
  status.onChange(() => {
    const before = asOf;
    asOf = `${today()} ${status.isStale()}`;
    if (asOf !== before && isOpen(state.now)) show();
  });
  person.onChange(show);
  outbox.onChange(() => isOpen(state.now) && (show(), load()));
  return { element, wants: isOpen, subject: () => t("screen.repairs"), press };
}

/** The crews of the city, and the organisations where there are several. @param {Worklist} list */
function teamsOf({ items, teams }) {
  const owners = [...new Set(items.map((item) => item.repair.owner))].sort();
  return [...teams, ...(owners.length > 1 ? owners.map((name) => ({ id: name, name })) : [])];
}

/** @param {GroupName} name */
function groupPart(name) {
  const count = el("span", { class: "count" });
  const rows = el("ul", { class: "jobs" });
  const id = `groep-${name}`;
  return { element: el("section", { "aria-labelledby": id, "data-group": name, hidden: true }, el("h2", { class: "label", id }, `${t(`repairs.group.${name}`)} `, count), rows), count, rows };
}

/** A link to one group, or to all of them. @param {GroupName | null} name @param {number} count @param {boolean} isHere */
function tab(name, count, isHere) {
  const link = el("a", { href: address({ screen: "repairs", repair: null, list: name }) }, t(`repairs.tab.${name ?? "all"}`), " ", el("b", {}, number(count, 0)));
  if (isHere) link.setAttribute("aria-current", "page");
  return link;
}
