/** "Overzicht": how much is at stake, which weeks are too full, who does not answer. Each part loads, and fails, by itself; each number opens its list. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { follow, notReread } from "../../follow.js";
import { day, lastDay, mondayOf, shiftDay, t } from "../../i18n.js";
import { may } from "../../person.js";
import { address } from "../../address.js";
import { ageing, tiles } from "./tiles.js";
import { fillViews } from "../../lists/views.js";
import { board } from "./board.js";
import { hotSpots } from "./hot_spots.js";
import { ownersTable } from "./owners.js";
import { listPart } from "./lists.js";
import { papers } from "./papers.js";

/** @typedef {import("../../address.js").ViewState} ViewState */
/** @typedef {{path: (now: ViewState) => string | null, draw: (answer: any, now: ViewState, today: string) => import("../../dom.js").Child[] | Promise<import("../../dom.js").Child[]>, element: HTMLElement, key: string}} Part */

const WEEKS = 12;
const MOST_WEEKS = 52;
/** What a view of it holds: never the days, which pass. */
const VIEW = /** @type {const} */ (["weeks", "group", "list", "columns"]);
/** What the address asks of the overview. */
const OWN = /** @type {const} */ (["from", "weeks", "group", "week", "list", "columns"]);

/** @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person @param {() => string} today @returns {import("../panel/panel.js").View} */
export function createOverview(state, person, today) {
  const title = el("h1", { class: "screen-name", tabindex: "-1" }, t("screen.overview"));
  const span = el("p", { class: "small" });
  const choices = el("div", { class: "steps overview-choices" });
  const views = el("div", { class: "view" });
  const dated = el("p", { class: "tiny" });
  /** @type {Part[]} */
  const parts = [
    { key: "tiles", element: el("section", { class: "tiles", "aria-label": t("overview.tiles") }), path: () => "/stats/overview", draw: (answer) => tiles(answer) },
    { key: "list", element: el("section", { class: "card" }), path: (now) => listPart(now.list, today(), state, person, loadAll)?.path ?? null, draw: (answer, now, on) => listPart(now.list, on, state, person, loadAll)?.draw(answer) ?? [] },
    { key: "board", element: el("section", { class: "card board-part" }), path: boardPath, draw: (answer, now, on) => board(answer, now, on) },
    { key: "hot", element: el("section", { class: "card" }), path: () => "/cases?undecided=true&opportunity=false&sort=money&limit=5", draw: (answer) => hotSpots(answer.items) },
    { key: "ageing", element: el("section", { class: "card" }), path: () => "/stats/overview", draw: (answer) => ageing(answer.ageing) },
    { key: "owners", element: el("section", { class: "card" }), path: () => "/stats/owners", draw: (answer) => ownersTable(answer.items, state, person) },
  ];
  const [top, list, ...rest] = parts.map((part) => part.element);
  const [weeks, ...aside] = rest;
  const page = el("div", { class: "overview" }, el("div", { class: "overview-head" }, title, span, choices), views, top, list, el("div", { class: "overview-body" }, el("div", {}, weeks, aside.pop()), el("div", {}, ...aside)), papers(), dated);
  const element = el("div", { class: "view", hidden: true }, page);
  /** Last answers, so that what is the same is not drawn anew. @type {Map<string, {path: string, content: string}>} */
  const drawn = new Map();

  /** @param {Part} part @param {Map<string, Promise<any>>} answers by path */
  async function load(part, answers) {
    const now = state.now;
    const path = part.path(now);
    part.element.hidden = path === null;
    if (path === null) {
      drawn.delete(part.key);
      return;
    }
    if (!part.element.childElementCount) fill(part.element, el("p", { class: "small", role: "status" }, t("list.loading")));
    try {
      const answer = await (answers.get(path) ?? answers.set(path, get(path)).get(path));
      if (part.path(state.now) !== path) return; // other weeks are asked for meanwhile
      if (drawn.get(part.key)?.path === path && part.element.querySelector("form")) return; // somebody writes in it
      const content = JSON.stringify([path, now.week, now.columns, today(), answer]);
      if (drawn.get(part.key)?.content === content) return;
      drawn.set(part.key, { path, content });
      const children = await part.draw(answer, now, today());
      if (drawn.get(part.key)?.content === content) fill(part.element, ...children);
    } catch (error) {
      if (part.path(state.now) !== path) return;
      if (drawn.get(part.key)?.path === path) return notReread(error);
      drawn.delete(part.key);
      const again = el("button", { class: "btn", type: "button", onclick: () => load(part, new Map()) }, t("action.try_again"));
      fill(part.element, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("overview.error")), ` ${/** @type {Error} */ (error).message}`), again));
    }
  }

  async function loadAll() {
    if (person.current && !may(person.current.role, "read all owners")) return fill(page, title, el("p", { class: "lead" }, t("overview.of_city"), " ", el("a", { href: address({ screen: "cases", list: null }) }, t("screen.cases"))));
    const answers = new Map();
    await Promise.all(parts.map((part) => load(part, answers)));
    dated.textContent = t("overview.dated", { day: day(today()) });
  }

  function showHead() {
    const { from, count } = window(state.now, today());
    span.textContent = `${day(from)} – ${day(lastDay(shiftDay(from, 7 * count)))}`;
    const groups = /** @type {const} */ (["street", "owner"]).map((group) => el("a", { class: "btn", href: address({ group, week: null }), "aria-current": (state.now.group ?? "street") === group ? "true" : undefined }, t(`overview.by.${group}`)));
    const steps = [-28, 28].map((days) => el("button", { class: "btn", type: "button", "aria-label": t(days < 0 ? "overview.earlier" : "overview.later"), onclick: () => move(days) }, days < 0 ? "‹" : "›"));
    const longer = el("select", { "aria-label": t("overview.length"), onchange: () => state.go({ weeks: longer.value }) }, ...[12, 26, 52].map((n) => el("option", { value: n }, t("overview.weeks", { n }))));
    longer.value = String(count);
    const lists = /** @type {const} */ (["near", "projects"]).map((list) => el("a", { class: "btn", href: address({ list, columns: null }), "aria-current": state.now.list === list ? "true" : undefined }, t(`overview.tile.${list}`)));
    fill(choices, ...lists, ...groups, ...steps, longer, el("button", { class: "btn", type: "button", onclick: () => print() }, icon("board", "s"), t("overview.print")));
  }

  const showViews = () => fillViews(views, "overview", state, person, VIEW);

  /** @param {number} days */
  function move(days) {
    state.go({ from: shiftDay(window(state.now, today()).from, days), week: null });
  }

  const isOpen = (/** @type {ViewState} */ now) => now.screen === "overview" && !now.selection;
  state.onChange((now, before) => {
    if (!isOpen(now)) return;
    showHead();
    showViews();
    if (!before || !isOpen(before) || OWN.some((name) => now[name] !== before[name])) loadAll().then(() => now.list && now.list !== before?.list && list?.scrollIntoView({ block: "nearest" }));
  });
  person.onChange(({ role }) => (showViews(), !may(role, "read all owners") && isOpen(state.now) && loadAll()));
  follow(() => isOpen(state.now) && loadAll());

  return {
    element,
    wants: isOpen,
    subject: () => t("screen.overview"),
    /** @param {string} key */
    press(key) {
      if (key === "[" || key === "]") move(key === "[" ? -28 : 28);
      else if (key === "o") state.go({ group: state.now.group === "owner" ? "street" : "owner", week: null });
      else if (key === "p") print();
      else return moveFocus(key, page);
      return true;
    },
  };

  /** @param {ViewState} now */
  function boardPath(now) {
    const { from, count } = window(now, today());
    return `/stats/weeks?from=${from}&weeks=${count}&group=${now.group ?? "street"}`;
  }
}

/** The weeks that the address asks for, from a Monday. @param {ViewState} now @param {string} today */
function window(now, today) {
  const asked = now.from && /^\d{4}-\d{2}-\d{2}$/.test(now.from) && !Number.isNaN(Date.parse(now.from)) ? now.from : today;
  const count = Math.min(MOST_WEEKS, Math.max(1, Number(now.weeks) || WEEKS));
  return { from: mondayOf(asked), count: Math.round(count) };
}

/** Arrows go through the board: rows up and down, things within a row left and right. @param {string} key @param {HTMLElement} page */
function moveFocus(key, page) {
  const here = document.activeElement?.closest(".lane");
  if (!here || !["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key)) return false;
  const lanes = [...page.querySelectorAll(".lane")];
  if (key === "ArrowUp" || key === "ArrowDown") {
    const next = lanes[lanes.indexOf(here) + (key === "ArrowUp" ? -1 : 1)];
    next?.querySelector("a")?.focus();
    return Boolean(next);
  }
  const things = [...here.querySelectorAll("a")];
  const at = things.findIndex((one) => one === document.activeElement);
  things[at + (key === "ArrowLeft" ? -1 : 1)]?.focus();
  return true;
}
