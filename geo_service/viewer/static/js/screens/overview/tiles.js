/** The six numbers on top, and how long cases have been open; each a link to the list that it counts. */
import { el } from "../../dom.js";
import { day, daysBetween, money, number, t } from "../../i18n.js";
import { address } from "../../address.js";

/** @typedef {import("openapi").Overview} Numbers */
/** @typedef {{name: string, href: string, value: string, lines: (string | false | null)[]}} Tile */

/** @param {Numbers} numbers */
export function tiles(numbers) {
  return [stake(numbers), avoided(numbers), waiting(numbers), held(numbers), chances(numbers), recover(numbers)].map(({ name, href, value, lines }) =>
    el("a", { class: "tile", href, "data-tile": name }, el("span", { class: "label" }, t(`overview.tile.${name}`)), el("b", {}, value), ...lines.filter(Boolean).map((line) => el("small", {}, line || ""))),
  );
}

/** What a link to a list of cases leaves out of the address of this screen. */
const PLAIN = /** @satisfies {import("../../address.js").Patch} */ ({ screen: "cases", list: null, from: null, weeks: null, group: null, week: null });

/** @param {Numbers} numbers @returns {Tile} */
function stake({ at_stake: stake }) {
  const more = stake.week.at_risk_eur > 0 && t("overview.of_week", { amount: money(stake.week.at_risk_eur), n: stake.week.cases });
  return { name: "stake", href: address({ ...PLAIN, list: "conflicts" }), value: money(stake.at_risk_eur), lines: [t("overview.cases", { n: stake.cases }), more] };
}

/** @param {Numbers} numbers @returns {Tile} */
function avoided(numbers) {
  return { name: "avoided", href: address({ list: "avoided" }), value: money(numbers.avoided_eur), lines: [t("overview.with_proof", { n: numbers.avoided, year: numbers.on.slice(0, 4) })] };
}

/** @param {Numbers} numbers @returns {Tile} */
function waiting({ waiting: asked }) {
  return { name: "waiting", href: address({ ...PLAIN, list: "requests" }), value: number(asked.requests, 0), lines: [t("overview.late", { n: asked.late })] };
}

/** @param {Numbers} numbers @returns {Tile} */
function held({ held: waits, on }) {
  return { name: "held", href: address({ list: "held" }), value: number(waits.repairs, 0), lines: [waits.oldest_on && t("overview.oldest", { n: daysBetween(waits.oldest_on, on) })] };
}

/** @param {Numbers} numbers @returns {Tile} */
function chances({ chances: found }) {
  return { name: "chances", href: address({ ...PLAIN, list: "chances" }), value: money(found.saving_eur), lines: [t("overview.cases", { n: found.cases })] };
}

/** @param {Numbers} numbers @returns {Tile} */
function recover({ to_recover: claims }) {
  return { name: "recover", href: address({ ...PLAIN, list: "claims" }), value: money(claims.amount_eur), lines: [t("overview.claims", { n: claims.claims, sent: claims.sent }), claims.unclaimed > 0 && t("overview.unclaimed", { n: claims.unclaimed })] };
}

/** @param {Numbers["ageing"]} ages */
export function ageing(ages) {
  const most = Math.max(1, ...ages.map((one) => one.cases));
  const rows = ages.map((one, i) => {
    const bar = el("span", { class: i === ages.length - 1 ? "age-bar old" : "age-bar", "aria-hidden": "true" });
    bar.style.width = `${(100 * one.cases) / most}%`;
    const name = one.most_days === null ? t("overview.age_over", { n: one.least_days - 1 }) : t("overview.age", { from: one.least_days, to: one.most_days });
    return el("li", {}, el("span", {}, name), el("span", { class: "age-track" }, bar), el("a", { href: address({ ...PLAIN, since: one.opened_from, until: one.opened_until }), "data-age": one.least_days, "aria-label": `${name}: ${number(one.cases, 0)}` }, number(one.cases, 0)));
  });
  const oldest = ages.find((one) => one.cases > 0 && one.most_days === null);
  return [el("h2", {}, t("overview.ageing")), el("ul", { class: "ages" }, ...rows), oldest && el("p", { class: "small" }, t("overview.too_old", { n: oldest.cases, day: day(oldest.opened_until) }))];
}
