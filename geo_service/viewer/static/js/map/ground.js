/** The ground under the themes: no basemap, only our own tiles. Order is from below. */
import { token } from "./tokens.js";

/** @typedef {import("maplibre-gl").LayerSpecification} Layer */

/** Buildings that people know by name. */
export const CIVIC = ["school", "fire_station", "care_home", "hospital", "town_hall", "church", "city_patrimony", "swimming_pool", "building_project"];
const FONT = ["Plex Medium"];
const isCivic = /** @type {any} */ (["in", ["get", "function"], ["literal", CIVIC]]);
const isRoad = /** @type {any} */ (["==", ["get", "kind"], "carriageway"]);

/** @returns {Layer[]} */
export function groundLayers() {
  return [
    { id: "ground", type: "background", paint: { "background-color": token("m-ground") } },
    area("green", "ground", ["==", ["get", "kind"], "green"], token("m-green")),
    area("water", "ground", ["==", ["get", "kind"], "water"], token("m-water")),
    area("parking", "ground", ["==", ["get", "kind"], "parking"], token("m-cut")),
    edge("rail", "ground", ["==", ["get", "kind"], "rail"], token("line-strong"), 1.4),
    area("paths", "pavements", ["!", isRoad], token("m-path")),
    { ...edge("cuts", "pavements", ["!", isRoad], token("m-cut"), 1), minzoom: 18 },
    area("roads", "pavements", isRoad, token("m-road")),
    { ...edge("kerbs", "pavements", isRoad, token("m-kerb"), 1), minzoom: 15 },
    { id: "streets-far", type: "line", source: "city", "source-layer": "streets", maxzoom: 15, paint: { "line-color": token("m-kerb"), "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.6, 15, 3] } },
    { id: "shade", type: "fill", source: "city", "source-layer": "buildings", minzoom: 15.5, paint: { "fill-color": token("m-house-line"), "fill-opacity": 0.55, "fill-translate": [1.6, 2.2] } },
    { id: "houses", type: "fill", source: "city", "source-layer": "buildings", minzoom: 14, paint: { "fill-color": ["case", isCivic, token("m-civic"), token("m-house")] } },
    { id: "walls", type: "line", source: "city", "source-layer": "buildings", minzoom: 16, paint: { "line-color": ["case", isCivic, token("m-civic-line"), token("m-house-line")], "line-width": 1 } },
  ];
}

/** Names and numbers, above the themes. @returns {Layer[]} */
export function labelLayers() {
  return [
    {
      id: "street-names", type: "symbol", source: "city", "source-layer": "streets", minzoom: 14.5,
      layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": FONT, "text-size": 12.5, "text-letter-spacing": 0.06, "symbol-spacing": 320 },
      paint: { "text-color": token("m-text"), "text-halo-color": token("m-road"), "text-halo-width": 1.6 },
    },
    {
      id: "civic-names", type: "symbol", source: "city", "source-layer": "buildings", minzoom: 15.5, filter: isCivic,
      layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-font": FONT, "text-size": 11.5, "text-max-width": 8 },
      paint: { "text-color": token("ink-2"), "text-halo-color": token("m-civic"), "text-halo-width": 1.2 },
    },
    {
      id: "numbers", type: "symbol", source: "city", "source-layer": "buildings", minzoom: 18, filter: ["!", isCivic],
      layout: { "text-field": ["coalesce", ["to-string", ["get", "number"]], ""], "text-font": ["Plex"], "text-size": 10.5, "text-padding": 1 },
      paint: { "text-color": token("m-text"), "text-halo-color": token("m-house"), "text-halo-width": 1 },
    },
  ];
}

/** @param {string} id @param {string} layer @param {any} filter @param {string} color @returns {Layer} */
const area = (id, layer, filter, color) => ({ id, type: "fill", source: "city", "source-layer": layer, filter, paint: { "fill-color": color } });

/** @param {string} id @param {string} layer @param {any} filter @param {string} color @param {number} width @returns {Layer} */
const edge = (id, layer, filter, color, width) => ({ id, type: "line", source: "city", "source-layer": layer, filter, paint: { "line-color": color, "line-width": width } });
