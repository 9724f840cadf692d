/** The value of a field of a repair, in words. */
import { area, day, money, period, t, word } from "../../i18n.js";

/** @typedef {import("../../outbox/differences.js").Field} Field */

/** @type {Record<Field, (value: any) => string>} */
const WORDS = {
  status: (code) => word("repair_status", code),
  planned: ({ starts_on: from, ends_on: to }) => period(from, to),
  urgency: (code) => word("urgency", code),
  category: (code) => word("category", code),
  scope: (code) => word("scope", code),
  finished_scope: (code) => word("scope", code),
  finished_on: day,
  area_m2: area,
  cost_eur: money,
  description: String,
  owner: String,
  geometry: () => t("offline.place"),
};

/** @param {Field} name @param {any} value */
export const valueOf = (name, value) => (value === null || value === undefined ? "–" : WORDS[name](value));
