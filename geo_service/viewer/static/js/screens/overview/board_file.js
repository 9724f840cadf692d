/** The board as rows of a file: a row for each works, repair and case of a street or owner. */
import { lastDay, t, word } from "../../i18n.js";
import { sourceId } from "../../facts.js";

/** @typedef {import("openapi").Board} Board */
/** @typedef {{lane: string | null, kind: string, number: string | null, owner: string | null, from: string | null, to: string | null, certainty: string | null, matter: string}} Row */

/** @param {Board["group"]} group @returns {import("../../lists/columns.js").Column<Row>[]} */
export const columnsOf = (group) => [
  { name: "lane", head: group === "street" ? "lists.street" : "overview.owner.owner", value: (one) => one.lane },
  { name: "kind", head: "lists.kind", value: (one) => one.kind },
  { name: "number", head: "lists.number", value: (one) => one.number },
  ...(group === "street" ? [{ name: "owner", head: "overview.owner.owner", value: (/** @type {Row} */ one) => one.owner }] : []),
  { name: "from", head: "lists.from", value: (one) => one.from },
  { name: "to", head: "lists.to", value: (one) => one.to },
  { name: "certainty", head: "lists.certainty", value: (one) => word("certainty", one.certainty) },
  { name: "matter", head: "lists.matter", value: (one) => one.matter },
];

const EMPTY = { number: null, owner: null, from: null, to: null, certainty: null, matter: "" };

/** @param {Board["lanes"]} lanes @returns {Row[]} */
export const rowsOf = (lanes) =>
  lanes.flatMap(({ name: lane, works, repairs, cases }) => [
    ...works.map((one) => ({ ...EMPTY, lane, kind: t("overview.file.works"), number: sourceId(one.source, one.source_id) ?? null, owner: one.owner, from: one.starts_on, to: one.ends_on && lastDay(one.ends_on), certainty: one.certainty, matter: one.opens_surface ? t("overview.file.opens") : "" })),
    ...repairs.map((one) => ({ ...EMPTY, lane, kind: t(one.held ? "overview.legend.held" : "overview.legend.repair"), number: one.number, from: one.on })),
    ...cases.map((one) => ({ ...EMPTY, lane, kind: t(one.opportunity ? "overview.legend.chance" : "overview.legend.case"), to: one.last_day, matter: one.rules.map((rule) => word("rule", rule)).join(", ") })),
  ]);
