/** A repair as it will be once what waits on this device was sent. */
import { t } from "../../i18n.js";

/** @typedef {import("openapi").WorklistItem & {waits?: import("../../outbox/outbox.js").Step[]}} Item */

/** @param {import("openapi").WorklistItem} item @param {import("../../outbox/outbox.js").Entry[]} entries @returns {Item} */
export function ahead(item, entries) {
  const waits = entries.filter((entry) => entry.repair === item.repair.id && !entry.refusal).map((entry) => entry.step);
  if (waits.length === 0) return item;
  const { repair, advice } = item;
  const status = waits.includes("start") ? "in_progress" : repair.status;
  if (!waits.includes("make_safe")) return { ...item, waits, repair: { ...repair, status } };
  const safe = { verdict: "make_safe", title: t("verdict.make_safe.title"), sentence: t("check.safe_without_answer") };
  return { ...item, waits, repair: { ...repair, status, urgency: "danger" }, advice: /** @type {typeof advice} */ ({ ...advice, ...safe }) };
}
