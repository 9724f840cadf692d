/** What of a repair is another thing in two versions of it, as far as a crew minds. */

/** @typedef {import("openapi").Repair} Repair */
/** @typedef {typeof MINDED[number]} Field */

const MINDED = /** @type {const} */ (["status", "planned", "urgency", "category", "scope", "description", "owner", "geometry", "finished_on", "finished_scope", "area_m2", "cost_eur"]);

/** @param {Repair} one @param {Repair} other @returns {Field[]} */
export function differences(one, other) {
  return MINDED.filter((field) => JSON.stringify(one[field] ?? null) !== JSON.stringify(other[field] ?? null));
}
