/** Ground that a person draws, as the address keeps it: "vlak:3.21741,50.92081_3.21762,50.92079_…", or "lijn:…". */
import { Problem, get } from "./api.js";
import { bounds, lonLat, pointInside } from "./geometry.js";
import { loadScreenWords, area, number, t } from "./i18n.js";
import { areaOf, lengthOf } from "./map/measure.js";

/** @typedef {import("./geometry.js").LonLat} LonLat */
/** @typedef {"area" | "line"} Form */
/** @typedef {{form: Form, points: LonLat[]}} Drawing an area is not closed: its last corner is another one than its first */

/** A corner more makes an address longer than mail programs keep whole. */
export const MOST_POINTS = 80;
/** The fewest points that make a drawing. @type {Record<Form, number>} */
export const FEWEST = { area: 3, line: 2 };
/** @type {Record<Form, string>} */
const WORDS = { area: "vlak", line: "lijn" };
/** What is asked about is no ground that can be checked. */
const UNREADABLE = 422;
/** Ground without a section. */
const NAMELESS = { code: "", kind: /** @type {const} */ ("footpath"), side: null, number_from: null, number_to: null, material: null, laid_on: null };
/** About a centimetre. */
const DIGITS = 7;

/** @param {Drawing} drawing */
export function write({ form, points }) {
  return `${WORDS[form]}:${points.map((point) => point.map((degrees) => degrees.toFixed(DIGITS)).join(",")).join("_")}`;
}

/** The drawing of an address; null when it is none. @param {string | null} place @returns {Drawing | null} */
export function parse(place) {
  const [word, text = ""] = (place ?? "").split(":");
  const form = /** @type {Form[]} */ (["area", "line"]).find((one) => WORDS[one] === word);
  const points = text.split("_").map(lonLat);
  if (!form || points.length < FEWEST[form] || points.length > MOST_POINTS || points.includes(null)) return null;
  return { form, points: /** @type {LonLat[]} */ (points) };
}

/** @param {Drawing} drawing @returns {import("openapi").Geometry} */
export function geometryOf({ form, points }) {
  if (form === "line") return { type: "LineString", coordinates: points };
  return { type: "Polygon", coordinates: [[...points, /** @type {LonLat} */ (points[0])]] };
}

/** The geometry of an address; null when it is no drawing. @param {string | null} place */
export function geometryIn(place) {
  const drawing = parse(place);
  return drawing && geometryOf(drawing);
}

/** "Getekend: 42,1 m²". @param {Drawing} drawing */
export function size({ form, points }) {
  return form === "area" ? area(areaOf(points)) : `${number(lengthOf(points))}\u00a0m`;
}

/**
 * A drawing as the place to check: named after the nearest section, also where none lies. Throws a Problem about what cannot be checked.
 * @param {import("./address.js").ViewState} now
 * @param {AbortSignal} signal
 * @returns {Promise<import("./screens/check/ask.js").Place>}
 */
export async function locate(now, signal) {
  await loadScreenWords("map_tools");
  const drawing = parse(now.place);
  if (!drawing) throw refusal(t("map_tools.unreadable"));
  const geometry = geometryOf(drawing);
  const at = pointInside(geometry);
  /** @type {import("openapi").Pavement[]} */
  const [nearest] = (await get(`/pavements?at=${at.join(",")}`, signal)).items;
  if (!nearest) {
    /** @type {import("openapi").StatusOfAll} */
    const { bounds: city, city: name } = await get("/status", signal);
    if (!meet(bounds(geometry), city)) throw refusal(t("map_tools.outside", { city: name }));
  }
  const named = nearest ?? { ...NAMELESS, street: t("scope.area") };
  const own = { area_m2: drawing.form === "area" ? areaOf(drawing.points) : 0, geometry };
  const note = nearest ? t(`map_tools.note.${drawing.form}`, { size: size(drawing) }) : t("map_tools.no_section", { size: size(drawing) });
  return { section: { ...named, ...own }, sides: [], at, besideM: null, stretch: geometry, note };
}

/** As the service refuses ground. @param {string} reason */
const refusal = (reason) => new Problem(UNREADABLE, "invalid_input", reason, [reason]);

/** Whether two boxes share ground. @param {number[]} one @param {number[]} other west, south, east, north */
function meet([west = 0, south = 0, east = 0, north = 0], [w = 0, s = 0, e = 0, n = 0]) {
  return west <= e && east >= w && south <= n && north >= s;
}
