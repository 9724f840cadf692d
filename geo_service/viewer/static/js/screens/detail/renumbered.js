/** One record under two ids of its publisher: which other one it may be, and by which ids it was known. */
import { el } from "../../dom.js";
import { t } from "../../i18n.js";
import { address } from "../../address.js";

/** Facts for the detail of works or a repair. @param {"works" | "repair"} kind @param {import("openapi").Works | import("openapi").RepairInFull} item @returns {import("../../facts.js").Fact[]} */
export function renumberedFacts(kind, item) {
  /** @type {import("../../facts.js").Fact[]} */
  const facts = [];
  const pair = item.renumbering;
  if (pair) {
    const isOld = pair.old_id === item.id;
    const href = address({ selection: `${kind}:${isOld ? pair.new_id : pair.old_id}`, list: null });
    const link = el("a", { href }, isOld ? pair.new_source_id : pair.old_source_id);
    facts.push([t(isOld ? "renumbered.to" : "renumbered.from"), link, " ", el("small", {}, moved(pair.starts_moved ?? 0))]);
  }
  if (item.former_ids.length > 0) facts.push([t("renumbered.former"), item.former_ids.join(", ")]);
  return facts;
}

/** @param {number} days */
function moved(days) {
  if (days === 0) return t("renumbered.same_days");
  return t(days > 0 ? "renumbered.later" : "renumbered.earlier", { days: t("unit.days", { n: Math.abs(days) }) });
}
