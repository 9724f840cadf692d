/** Rows about features that two layers share. */
import { sourceId } from "../facts.js";
import { money, period, word } from "../i18n.js";

/** @typedef {import("./layer.js").Row} Row */
/** @typedef {import("./layer.js").Shape} Shape */

/** @param {any} works @param {Shape} shape @returns {Row} */
export function worksRow(works, shape) {
  const title = [works.owner, sourceId(works.source, works.source_id)].filter(Boolean).join(" · ");
  return { shape, title, line: [word("certainty", works.certainty), period(works.starts_on, works.ends_on)].join(" · ") };
}

/** @param {any} conflict @param {Shape} shape @returns {Row} */
export function conflictRow(conflict, shape) {
  const line = [word("severity", conflict.severity), word("status", conflict.status)].filter(Boolean).join(" · ");
  return { shape, title: word("rule", conflict.rule), line };
}

/** "Verspilde herstelling · € 5.548". @param {any} conflict */
export function conflictText(conflict) {
  return [word("rule", conflict.rule), conflict.cost_at_risk_eur ? money(conflict.cost_at_risk_eur) : ""].filter(Boolean).join(" · ");
}
