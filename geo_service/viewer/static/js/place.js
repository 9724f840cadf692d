/** How a place is named: street and house numbers first, then side, section, material. */
import { area, t, word } from "./i18n.js";

/** @typedef {import("openapi").Pavement} Section */
/** @typedef {Pick<Section, "street" | "code" | "number_from" | "number_to">} Houses */

/** "Gentsestraat 30–36". @param {Houses} section */
export function placeName(section) {
  return [section.street || section.code, numbers(section)].filter(Boolean).join(" ");
}

/** "30–36". @param {Houses} section */
export function numbers(section) {
  const { number_from: from, number_to: to } = section;
  if (!from) return "";
  return to && to !== from ? `${from}–${to}` : String(from);
}

/** "Voetpad, even zijde · vak V-2041". @param {Section} section */
export function placeLine(section) {
  const kind = [word("pavement", section.kind ?? "footpath"), word("side", section.side)].filter(Boolean).join(", ");
  return `${kind} · ${t("place.section", { code: section.code })}`;
}

/** Street and house number of a building, from the API or a tile. @param {any} building */
export function streetAddress(building) {
  return [building.street, building.house_number ?? building.number].filter(Boolean).join(" ");
}

/** "betontegels uit 2009 · 58,4 m²". @param {Section} section */
export function surfaceLine(section) {
  const material = word("material", section.material);
  const laid = section.laid_on ? t("place.material_since", { material, year: section.laid_on.slice(0, 4) }) : material;
  return [laid, section.area_m2 ? area(section.area_m2) : ""].filter(Boolean).join(" · ");
}
