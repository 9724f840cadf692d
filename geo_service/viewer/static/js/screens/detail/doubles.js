/** Reports of one defect: what a repair is, or may be, the double of, and its own doubles. */
import { el } from "../../dom.js";
import { day, number, t } from "../../i18n.js";
import { address } from "../../address.js";

/** @typedef {import("openapi").DuplicateOf} Link */
/** @typedef {Link["status"]} Status */

/** @type {Record<Status, string>} */
const OF = { suggested: "doubles.of.suggested", confirmed: "doubles.of.confirmed" };
/** @type {Record<Status, string>} */
const HAS = { suggested: "doubles.has.suggested", confirmed: "doubles.has.confirmed" };

/** Facts for the detail of a repair. @param {import("openapi").RepairInFull} repair @returns {import("../../facts.js").Fact[]} */
export function doubleFacts(repair) {
  const of = repair.duplicate_of;
  /** @param {Status} status */
  const own = (status) => fact(HAS[status], repair.duplicates.filter((link) => link.status === status));
  return [...(of ? [fact(OF[of.status], [of])] : []), own("confirmed"), own("suggested")].filter((row) => row.length > 1);
}

/** @param {string} key @param {Link[]} links @returns {import("../../facts.js").Fact} */
function fact(key, links) {
  return [t(key), ...links.map(line)];
}

/** @param {Link} link */
function line(link) {
  const metres = number(link.distance_m);
  const sameDay = metres === "0" ? t("doubles.same_place_and_day") : t("doubles.same_day", { metres });
  const decision = link.status === "confirmed" && link.decided_by && link.decided_at ? t("doubles.by", { who: link.decided_by, day: day(link.decided_at) }) : "";
  const apart = link.days_apart === 0 ? sameDay : t("doubles.apart", { metres, days: link.days_apart });
  return el("div", {}, el("a", { href: address({ selection: `repair:${link.id}`, list: null }) }, link.number), " ", el("small", {}, [apart, decision].filter(Boolean).join(" · ")));
}
