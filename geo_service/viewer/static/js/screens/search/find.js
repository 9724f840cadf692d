/** What a search finds, and how each hit stands in the list. */
import { get } from "../../api.js";
import { CHECK, address } from "../../address.js";
import { el, fill } from "../../dom.js";
import { period, t, word } from "../../i18n.js";
import { buildings } from "../../map/layers/buildings.js";
import { conflicts } from "../../map/layers/conflicts.js";
import { openings } from "../../map/layers/openings.js";
import { pavements } from "../../map/layers/pavements.js";
import { repairs } from "../../map/layers/repairs.js";
import { swatch } from "../../map/swatch.js";
import { sourceId } from "../../facts.js";
import { isStretch } from "../../place.js";

/** @typedef {import("openapi").Hit} Found */
/** @typedef {{shape: import("../../map/pen.js").Shape, text: string, small: string, patch: import("../../address.js").Patch}} Hit */

/** Flanders: no latitude is below 10, no longitude above 10. Maps of others copy the latitude first. */
const FIRST_LATITUDE = 10;
const COORDINATES = /^\s*(\d{1,2}[.]\d+)\s*[,; ]\s*(\d{1,2}[.]\d+)\s*$/;
const STREET_ZOOM = "17";

/** How each kind of hit stands in the list, and what it opens. @type {Record<Found["kind"], (hit: Found, typed: string) => Hit>} */
const KINDS = {
  address: (hit) => ({ shape: buildings.shapes.house, text: hit.name, small: hit.code === "name" ? (hit.detail ?? "") : word("building", hit.detail), patch: checkAt(hit) }),
  building: (hit) => ({ shape: buildings.shapes.house, text: hit.name, small: [hit.detail, word("building", hit.code)].filter(Boolean).join(" · "), patch: { selection: `building:${hit.id}`, list: null } }),
  street: (hit) => ({ shape: pavements.shapes.section, text: hit.name, small: t("search.street"), patch: { ...CHECK, center: placeOf(hit, 5), zoom: STREET_ZOOM } }),
  section: (hit) => ({ shape: pavements.shapes.section, text: hit.name || (hit.detail ?? ""), small: `${word("pavement", hit.code)} · ${hit.detail}`, patch: { ...CHECK, place: hit.detail } }),
  stretch: (hit, typed) => ({ shape: pavements.shapes.section, text: `${hit.name}, ${word("side", hit.detail)}`, small: word("pavement", hit.code), patch: { ...CHECK, place: isStretch(typed) ? typed : hit.name, side: sideOf(hit) } }),
  owner: (hit) => ({ shape: openings.legend.shape, text: hit.name, small: t("search.owner"), patch: { screen: "map", selection: null, list: "conflicts", owner: hit.detail } }),
  works: (hit) => ({ shape: openings.legend.shape, text: hit.name, small: [sourceId(hit.code, hit.detail), period(hit.starts_on, hit.ends_on)].filter(Boolean).join(" · "), patch: { selection: `works:${hit.id}`, list: null } }),
  repair: (hit) => ({ shape: repairs.legend.shape, text: `${hit.name} · ${word("category", hit.code)}`, small: word("repair_status", hit.detail), patch: { selection: `repair:${hit.id}`, list: null } }),
  conflict: (hit) => ({ shape: conflicts.legend.shape, text: `${hit.name} · ${word("rule", hit.code)}`, small: word("status", hit.detail), patch: { selection: `conflict:${hit.id}`, list: null } }),
};

/** @param {HTMLElement} box @param {Hit[]} found @param {string} [trouble] */
export function show(box, found, trouble) {
  box.hidden = false;
  if (found.length === 0) return fill(box, el("p", {}, trouble || t("search.nothing")));
  fill(box, el("span", { class: "vh" }, t("search.count", { n: found.length })), ...found.map(hitLink));
}

/** @param {Hit} hit */
function hitLink(hit) {
  return el("a", { href: address(hit.patch) }, swatch(hit.shape), el("span", {}, hit.text), el("small", {}, hit.small));
}

/** @param {string} text @param {AbortSignal} signal @returns {Promise<Hit[]>} */
export async function find(text, signal) {
  const typed = COORDINATES.exec(text);
  if (typed?.[1] && typed[2]) {
    const [lon, lat] = Number(typed[1]) > FIRST_LATITUDE ? [typed[2], typed[1]] : [typed[1], typed[2]];
    return [{ shape: pavements.shapes.spot, text: t("search.check_here"), small: t("search.lon_lat", { lon, lat }), patch: { ...CHECK, place: `${lon},${lat}` } }];
  }
  /** @type {{items: Found[]}} */
  const { items } = await get(`/search?q=${encodeURIComponent(text)}`, signal);
  const hits = items.map((hit) => KINDS[hit.kind](hit, text));
  const isUnknown = isStretch(text) && !items.some((hit) => hit.kind === "stretch");
  return isUnknown ? [{ shape: pavements.shapes.section, text, small: t("stretch.unknown"), patch: { ...CHECK, place: text } }, ...hits] : hits;
}

/** A house is where somebody asks whether a repair may begin. @param {Found} hit @returns {import("../../address.js").Patch} */
const checkAt = (hit) => ({ ...CHECK, place: placeOf(hit, 6) });

/** @param {Found} hit */
const sideOf = (hit) => /** @type {"even" | "odd"} */ (hit.detail);

/** @param {Found} hit @param {number} digits */
const placeOf = ({ lon, lat }, digits) => (lon === null || lat === null ? null : `${lon.toFixed(digits)},${lat.toFixed(digits)}`);
