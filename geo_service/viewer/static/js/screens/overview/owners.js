/** How each utility keeps its days and answers. Facts about organisations, never about persons. */
import { el } from "../../dom.js";
import { number, t } from "../../i18n.js";
import { address } from "../../address.js";

/** @typedef {import("openapi").OwnerRecord} Owner */

const HEADS = ["owner", "cases", "works", "silent", "slip", "waiting", "late", "answer"];

/** @param {Owner[]} items */
export function ownersTable(items) {
  const title = el("h2", {}, t("overview.owners"));
  if (items.length === 0) return [title, el("p", { class: "small" }, t("overview.no_owners"))];
  const head = el("tr", {}, ...HEADS.map((name) => el("th", { scope: "col" }, t(`overview.owner.${name}`))));
  const table = el("table", { class: "register" }, el("thead", {}, head), el("tbody", {}, ...items.map(row)));
  return [title, el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("overview.owners") }, table), el("p", { class: "tiny" }, t("overview.owners_note"))];
}

/** @param {Owner} one */
function row(one) {
  const plain = { screen: /** @type {const} */ ("cases"), from: null, weeks: null, group: null, week: null };
  const cells = [
    el("a", { href: address({ ...plain, list: null, owner: one.owner_group }) }, number(one.cases, 0)),
    number(one.works, 0),
    number(one.silent, 0),
    one.slip_days === null ? "–" : `${t("unit.days", { n: one.slip_days })}${one.slip_origin === "default" ? ` ${t("overview.assumed")}` : ""}`,
    el("a", { href: address({ ...plain, list: "requests", owner: one.owner_group }) }, number(one.waiting, 0)),
    number(one.late, 0),
    one.answer_days === null ? "–" : t("unit.days", { n: Math.round(one.answer_days) }),
  ];
  return el("tr", { "data-owner": one.owner_group }, el("th", { scope: "row" }, one.owner), ...cells.map((cell) => el("td", {}, cell)));
}
