/** How a place is named: street and house numbers first, then side, section, material. */
import { area, t, word } from "./i18n.js";

/** A section of pavement, or a stretch of it. @typedef {Pick<import("openapi").Pavement, "street" | "side" | "code" | "kind" | "number_from" | "number_to" | "material" | "laid_on" | "area_m2" | "geometry">} Section */
/** @typedef {Pick<Section, "street" | "code" | "number_from" | "number_to">} Houses */

/** "Gentsestraat 30–36". @param {Houses} section */
export function placeName(section) {
  return [section.street || section.code, numbers(section)].filter(Boolean).join(" ");
}

/** Whether a place is a street with two house numbers: "Gentsestraat van nr 30 tot nr 36". @param {string | null} place */
export const isStretch = (place) => /\D\s(?:\D*\s)?\d{1,4}\s?[a-z]?\s*(?:[-–—]|t|en)\D*\d{1,4}\s?[a-z]?\s*$/i.test(place ?? "");

/** Whether a place is a drawing (`drawn.js`). @param {string | null} place */
export const isDrawn = (place) => /^(vlak|lijn):/.test(place ?? "");

/** Whether a place is ground as it is to be repaired, and no hole in a section. @param {string | null} place */
export const isGround = (place) => isStretch(place) || isDrawn(place);

/** "30–36". @param {Houses} section */
export function numbers(section) {
  const { number_from: from, number_to: to } = section;
  if (!from) return "";
  return to && to !== from ? `${from}–${to}` : String(from);
}

/** "Voetpad, even zijde · vak V-2041"; nothing of ground without a section. @param {Section} section */
export function placeLine(section) {
  if (!section.code) return "";
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
