/** The order of works behind a verdict: what comes first, what after, and what the programme remarks. */
import { el } from "../../dom.js";
import { t } from "../../i18n.js";
import { sourceId, worksLink } from "../../facts.js";

/** @typedef {import("openapi").Step} Step */

/** @param {import("openapi").Sequence} order */
export function orderPart(order) {
  if (order.first.length + order.later.length === 0) return null;
  const rows = [...order.first, ...order.later].map((step) => el("li", {}, step.text, el("small", {}, worksLink(step.works_id, sourceId(step.source, step.source_id)), remark(step))));
  return el("section", {}, el("h2", { class: "label" }, t("check.order")), el("p", {}, order.sentence), el("ol", { class: "why" }, ...rows));
}

/** @param {Step} step */
const remark = (step) => (step.remark ? ` · ${t("check.remark", { text: step.remark })}` : null);
