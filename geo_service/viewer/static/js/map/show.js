/** What is checked, and what is open, on the map: outlined, and in view. */
import { bounds, pointInside } from "../geometry.js";
import { TESTED_ZOOM } from "./layer.js";

/** @typedef {import("../address.js").ViewState} ViewState */
/** @typedef {import("../screens/check/ask.js").Answer} Answer */

/**
 * @param {import("maplibre-gl").Map} map
 * @param {Answer} answer
 * @param {ViewState} now
 */
export function showAnswer(map, answer, now) {
  const section = "section" in answer ? answer.section : null;
  const overlaps = answer.phase === "done" ? answer.advice.conflicts.filter((one) => one.geometry && !one.opportunity) : [];
  setData(map, "selection", section?.geometry ? [section.geometry] : []);
  setData(map, "overlap", overlaps.map((one) => one.geometry));
  if (answer.phase !== "done") return;
  const far = map.getZoom() < 16 || !map.getBounds().contains(answer.at) || (answer.stretch && !shows(map, answer.stretch));
  if (far && section?.geometry && !now.center) map.fitBounds(bounds(section.geometry), { padding: 60, maxZoom: TESTED_ZOOM });
  else if (far) map.easeTo({ center: answer.at, zoom: Math.max(map.getZoom(), 17.5) });
}

/** Whether all of it is in view. @param {import("maplibre-gl").Map} map @param {import("openapi").Geometry} geometry */
function shows(map, geometry) {
  const [west, south, east, north] = bounds(geometry);
  return map.getBounds().contains([west, south]) && map.getBounds().contains([east, north]);
}

/** @param {import("maplibre-gl").Map} map @param {import("openapi").Geometry} geometry */
export function showOpened(map, geometry) {
  setData(map, "selection", [geometry]);
  if (map.getZoom() < 16 || !map.getBounds().contains(pointInside(geometry))) map.fitBounds(bounds(geometry), { padding: 80, maxZoom: TESTED_ZOOM });
}

/** @param {import("maplibre-gl").Map} map @param {string} id @param {any[]} geometries */
function setData(map, id, geometries) {
  const source = /** @type {import("maplibre-gl").GeoJSONSource | undefined} */ (map.getSource(id));
  const features = geometries.map((geometry) => ({ type: /** @type {const} */ ("Feature"), properties: {}, geometry }));
  source?.setData({ type: "FeatureCollection", features });
}
