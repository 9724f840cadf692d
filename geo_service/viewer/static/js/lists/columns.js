/** The columns of a list: those that somebody chose, in the address or in the preferences of the account; else the usual ones. */

/**
 * @template T
 * @typedef {object} Column
 * @property {string} name as the address and the account keep it
 * @property {string} head key of its words
 * @property {(row: T) => import("./csv.js").Value} value as a file has it: days as YYYY-MM-DD, euros and metres as numbers
 * @property {(row: T) => import("../dom.js").Child} [show] as the page has it; without, the value
 * @property {boolean} [isFixed] names the row: it is always there
 * @property {boolean} [isExtra] none of the usual ones
 * @property {boolean} [isPersonal] names people: it stands in no file
 */

/** What the page says of a row in one column. @template T @param {Column<T>} column @param {T} row @returns {import("../dom.js").Child} */
export function textOf({ value, show }, row) {
  if (show) return show(row);
  const plain = value(row);
  return plain === null || plain === undefined || plain === "" ? "–" : String(plain);
}

/** @param {string} list */
export const preferenceOf = (list) => `columns_${list}`;

/**
 * @template T
 * @param {readonly Column<T>[]} columns all of them
 * @param {string} list
 * @param {import("../state.js").State} state
 * @param {import("../person.js").Someone} person
 * @returns {Column<T>[]}
 */
export function chosenColumns(columns, list, state, person) {
  const names = state.now.columns?.split(",") ?? person.current?.preferences[preferenceOf(list)];
  const chosen = Array.isArray(names) ? columns.filter(({ name, isFixed }) => !isFixed && names.includes(name)) : [];
  return columns.filter((one) => one.isFixed || (chosen.length > 0 ? chosen.includes(one) : !one.isExtra));
}
