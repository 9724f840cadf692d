/** Weeks side by side: a row for each street or owner, bars for works, discs for repairs, diamonds for what must be decided; below, how many streets are open at once. */
import { el } from "../../dom.js";
import { day, daysBetween, lastDay, money, number, period, shiftDay, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { sourceId } from "../../facts.js";
import { ownerInFull } from "../../groups.js";
import { fileButton } from "../../lists/file.js";
import { columnsOf, rowsOf } from "./board_file.js";

/** @typedef {import("openapi").Board} Board */
/** @typedef {import("openapi").Lane} Lane */
/** @typedef {import("../../address.js").ViewState} ViewState */

/** Rows in sight before the others are asked for. */
const IN_SIGHT = 14;

/** @param {Board} board @param {ViewState} now @param {string} today */
export function board(board, now, today) {
  const lanes = inWeek(board, now.week);
  const [shown, folded] = [lanes.slice(0, IN_SIGHT), lanes.slice(IN_SIGHT)];
  const title = el("div", { class: "card-head" }, el("h2", {}, t(`overview.board.${board.group}`, { n: weeksOf(board).length })), legend());
  const only = now.week && el("p", { class: "small" }, t("overview.only_week", { day: day(now.week), n: lanes.length }), " ", el("a", { href: address({ week: null }) }, t("overview.every_week")));
  if (lanes.length === 0) return [title, only, el("p", { class: "lead" }, t("overview.no_works"))];
  const more = folded.length > 0 && el("details", { class: "open-up" }, el("summary", {}, t("overview.more_lanes", { n: folded.length })), ...folded.map((one) => lane(one, board, today)));
  const file = fileButton("board", () => columnsOf(board.group), () => rowsOf(lanes));
  return [title, only, el("div", { class: "lanes" }, head(board), ...shown.map((one) => lane(one, board, today)), more), board.group === "street" && load(board, now.week), file.element];
}

/** The rows that have an open street in one week; all without it. @param {Board} board @param {string | null} week */
function inWeek({ lanes, open_streets: weeks }, week) {
  const open = weeks.find((one) => one.week_on === week);
  return open ? lanes.filter((one) => one.name !== null && open.streets.includes(one.name)) : lanes;
}

/** @param {Board} board */
const weeksOf = (board) => board.open_streets.map((one) => one.week_on);

/** The number of a week in its year (ISO 8601). @param {string} monday */
function weekNumber(monday) {
  const thursday = shiftDay(monday, 3);
  return 1 + Math.floor(daysBetween(`${thursday.slice(0, 4)}-01-01`, thursday) / 7);
}

/** @param {Board} board */
function head(board) {
  const weeks = board.open_streets.map((one) => el("span", { title: day(one.week_on) }, number(weekNumber(one.week_on), 0), one.streets.length > board.open_streets_most && " ▲"));
  return el("div", { class: "lane-head", "aria-hidden": "true" }, el("span", {}, t("overview.week")), grid(board, ...weeks));
}

/** @param {Board} board @param {...HTMLElement} cells */
function grid(board, ...cells) {
  const element = el("div", { class: "week-grid" }, ...cells);
  element.style.setProperty("--weeks", String(weeksOf(board).length));
  return element;
}

/** @param {Lane} one @param {Board} board @param {string} today */
function lane(one, board, today) {
  const track = el("ul", { class: "track" });
  track.style.setProperty("--weeks", String(weeksOf(board).length));
  const rows = stacked(one.works);
  track.style.setProperty("--rows", String(Math.max(1, rows.length)));
  const place = placement(board);
  rows.forEach((bars, row) => bars.forEach((works) => track.append(worksBar(works, row, board, place))));
  for (const repair of one.repairs) track.append(place(el("li", { class: "dot-at" }, el("a", { class: repair.held ? "disc ring" : "disc", href: address({ screen: "repairs", repair: repair.number, list: null }), "aria-label": t(repair.held ? "overview.held_repair" : "overview.repair", { number: repair.number, day: day(repair.on) }) })), repair.on));
  for (const matter of one.cases) track.append(place(el("li", { class: "dot-at" }, el("a", { class: matter.opportunity ? "mark chance" : "mark", href: caseLink(matter.id), "aria-label": t("overview.case", { rules: matter.rules.map((rule) => word("rule", rule)).join(", "), day: day(matter.last_day) }) })), matter.last_day));
  const stake = [one.at_risk_eur > 0 && money(one.at_risk_eur), one.saving_eur > 0 && t("cases.saves", { amount: money(one.saving_eur) })].filter(Boolean).join(" · ");
  const shield = one.protected_until && el("small", { class: "shield" }, t("overview.protected", { day: day(lastDay(one.protected_until)) }));
  return el("section", { class: "lane" }, el("h3", {}, laneLink(one, board, today), stake && el("small", {}, stake), shield), track);
}

/** The list of cases of a street or an owner. @param {Lane} one @param {Board} board @param {string} today */
function laneLink(one, board, today) {
  if (!one.name) return t(board.group === "street" ? "overview.no_street" : "overview.no_owner");
  const of = board.group === "street" ? { street: one.name } : { owner: one.owner_group };
  return el("a", { href: address({ screen: "cases", list: null, from: null, weeks: null, group: null, week: null, ...of }), "data-lane": one.name, "data-on": today }, one.name);
}

/** @param {string} id */
const caseLink = (id) => address({ screen: "cases", case: id, list: null, from: null, weeks: null, group: null, week: null });

/** Bars that share days stand below each other. @param {Lane["works"]} works */
function stacked(works) {
  /** @type {Lane["works"][]} */
  const rows = [];
  for (const one of works) {
    const row = rows.find((bars) => (bars.at(-1)?.ends_on ?? "9999") <= (one.starts_on ?? ""));
    if (row) row.push(one);
    else rows.push([one]);
  }
  return rows;
}

/** @param {Lane["works"][number]} works @param {number} row @param {Board} board @param {ReturnType<typeof placement>} place */
function worksBar(works, row, board, place) {
  const from = works.starts_on ?? board.from_on;
  const to = works.ends_on ?? board.until_on;
  const words = [ownerInFull(works), sourceId(works.source, works.source_id), period(works.starts_on, works.ends_on), word("certainty", works.certainty)].filter(Boolean).join(", ");
  const link = el("a", { class: `works-bar c-${works.certainty ?? "planned"} ${works.opens_surface ? "" : "room"}`, href: address({ selection: `works:${works.id}` }), title: words, "aria-label": words }, works.owner_group_name);
  const item = place(el("li", { class: "bar-at" }, link), from < board.from_on ? board.from_on : from, to > board.until_on ? board.until_on : to);
  item.style.setProperty("--row", String(row));
  return item;
}

/** @param {Board} board */
function placement(board) {
  const days = daysBetween(board.from_on, board.until_on);
  const at = (/** @type {string} */ on) => Math.min(100, Math.max(0, (100 * daysBetween(board.from_on, on)) / days));
  return (/** @type {HTMLLIElement} */ node, /** @type {string} */ from, /** @type {string | null} */ to = null) => {
    node.style.left = `${at(from)}%`;
    if (to) node.style.width = `${Math.max(0.8, at(to) - at(from))}%`;
    return node;
  };
}

/** Streets open at once against the limit. @param {Board} board @param {string | null} week */
function load(board, week) {
  const most = board.open_streets_most;
  const top = Math.max(most, ...board.open_streets.map((one) => one.streets.length));
  const columns = board.open_streets.map((one) => {
    const isOver = one.streets.length > most;
    const bar = el("i", { class: isOver ? "over" : "" });
    bar.style.height = `${(100 * one.streets.length) / top}%`;
    const label = t(isOver ? "overview.streets_over" : "overview.streets_open", { n: one.streets.length, day: day(one.week_on), most });
    return el("a", { href: address({ week: one.week_on }), "aria-label": label, title: label, "aria-current": one.week_on === week ? "true" : undefined, "data-week": one.week_on }, el("span", { class: "column" }, bar), el("b", {}, number(one.streets.length, 0)));
  });
  const chart = grid(board, ...columns);
  chart.style.setProperty("--limit", `${(100 * most) / top}%`);
  const full = board.open_streets.filter((one) => one.streets.length > most).length;
  return el("div", { class: "lane load" }, el("h3", {}, t("overview.open_at_once"), el("small", {}, t(full ? "overview.limit_over" : "overview.limit", { most, n: full }))), chart);
}

function legend() {
  const items = [["works-bar c-in_progress", "certainty.in_progress"], ["works-bar c-planned", "certainty.planned"], ["works-bar c-indicative", "certainty.indicative"], ["disc", "overview.legend.repair"], ["disc ring", "overview.legend.held"], ["mark", "overview.legend.case"], ["mark chance", "overview.legend.chance"]];
  return el("ul", { class: "board-legend" }, ...items.map(([look, key]) => el("li", {}, el("span", { class: look, "aria-hidden": "true" }), t(key ?? ""))));
}
