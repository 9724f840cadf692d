/** What else is at this very place: defects that are reported already, and what stands here on other days. */
import { address } from "../../address.js";
import { el } from "../../dom.js";
import { day, period, t, word } from "../../i18n.js";

/** @typedef {import("openapi").AskedAdvice} Advice */
/** @typedef {import("openapi").ReportedDefect} Defect */

/** @param {Advice} advice @param {(defect: Defect) => (() => void) | null} [joinOf] what a press on "the same defect" does */
export function hereParts(advice, joinOf = () => null) {
  return [notOn(advice), reportedPart(advice.reported, joinOf)];
}

/** "Niet van vr 4 dec tot en met za 5 dec: dan staat hier Hoogtewerker (Wyre)". @param {Advice} advice */
function notOn({ verdict, nearby }) {
  const standing = nearby.filter((one) => one.kind === "occupancy" && one.distance_m === 0);
  if (standing.length === 0 || (verdict !== "repair" && verdict !== "make_safe")) return null;
  const rows = standing.map((one) => el("li", {}, el("b", {}, t("check.not_on", { days: period(one.starts_on, one.ends_on) })), ` ${t("check.stands_here", { what: one.title, owner: one.owner })}`));
  return el("ul", { class: "why not-on" }, ...rows);
}

/** @param {Defect[]} reported @param {(defect: Defect) => (() => void) | null} joinOf */
function reportedPart(reported, joinOf) {
  if (reported.length === 0) return null;
  const rows = reported.map((one) => {
    const what = t("check.reported_row", { number: one.number, what: word("category", one.category), metres: Math.round(one.distance_m) });
    const join = joinOf(one);
    const often = one.reports > 1 ? ` · ${t("check.reports", { n: one.reports })}` : "";
    return el("li", {}, el("a", { href: address({ screen: "repairs", repair: one.number, place: null, side: null }) }, what), el("small", {}, `${word("repair_status", one.status)} · ${t("check.reported_on", { day: day(one.reported_at) })}${often}`), join && el("button", { class: "link", type: "button", "data-join": one.number, onclick: join }, t("check.join")));
  });
  return el("section", { class: "reported" }, el("h2", { class: "label" }, t("check.reported")), el("ul", { class: "why" }, ...rows));
}
