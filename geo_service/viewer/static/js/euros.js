/** Euros as people type them. */

const PLAIN = /^(?<whole>\d+)(?:[.,](?<cents>\d{1,2}))?$/;
/** Thousands apart by a point, a comma or a space, cents behind the other: three digits at the end are never cents. */
const GROUPED = /^(?<whole>[1-9]\d{0,2}([., \u00a0\u202f])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](?<cents>\d{1,2}))?$/;

/** What somebody typed as euros; nothing typed is null. What is no amount goes as it is: the service says so. @param {string} typed */
export function euros(typed) {
  const text = typed.replace("€", "").trim();
  if (!text) return null;
  const { whole, cents = "0" } = (PLAIN.exec(text) ?? GROUPED.exec(text))?.groups ?? {};
  return whole ? Number(`${whole.replace(/\D/g, "")}.${cents}`) : text;
}
