/** A repair in words: how it stands with it, its days, its doubles. */
import { el } from "../../dom.js";
import { factList } from "../../facts.js";
import { area, day, period, t, word } from "../../i18n.js";
import { doubleFacts } from "./doubles.js";
import { renumberedFacts } from "./renumbered.js";

/** @param {import("openapi").RepairInFull} repair */
export function repairFacts(repair) {
  const planned = repair.planned;
  return [
    repair.description && el("p", {}, repair.description),
    factList([
      [t("facts.status"), [word("repair_status", repair.status), repair.held && t("facts.held")].filter(Boolean).join(", ")],
      repair.scope && [t("facts.scope"), word("scope", repair.scope)],
      repair.urgency && [t("facts.urgency"), word("urgency", repair.urgency)],
      repair.reported_at && [t("facts.reported"), day(repair.reported_at)],
      planned && [t("facts.planned"), period(planned.starts_on, planned.ends_on)],
      repair.finished_on && [t("facts.finished"), day(repair.finished_on)],
      repair.latest_on && [t("facts.latest"), day(repair.latest_on)],
      repair.remark && [t("facts.remark"), repair.remark],
      repair.until && [t("facts.free_from"), day(repair.until)],
      repair.area_m2 && [t("facts.area"), area(repair.area_m2)],
      ...doubleFacts(repair),
      ...renumberedFacts("repair", repair),
    ]),
  ];
}
