/** Houses, and buildings that people know by name. */
import { t, word } from "../../i18n.js";
import { streetAddress } from "../../place.js";
import { get, not } from "../layer.js";
import { corners } from "../pen.js";
import { token } from "../tokens.js";

/** Buildings that people know by name. */
export const CIVIC = ["school", "fire_station", "care_home", "hospital", "town_hall", "church", "city_patrimony", "swimming_pool", "building_project"];
export const IS_CIVIC = /** @type {any} */ (["in", get("function"), ["literal", CIVIC]]);

/** @type {import("../layer.js").Shape} */
const house = (pen) => corners(pen, token("ink"), [[8, 1], [15, 7], [15, 15], [1, 15], [1, 7]]);

/** @satisfies {import("../layer.js").Layer} */
export const buildings = {
  id: "buildings",
  source: "buildings",
  shapes: { house },
  style: () => [
    { id: "shade", type: "fill", source: "city", "source-layer": "buildings", minzoom: 15.5, paint: { "fill-color": token("m-house-line"), "fill-opacity": 0.55, "fill-translate": [1.6, 2.2] } },
    { id: "houses", type: "fill", source: "city", "source-layer": "buildings", minzoom: 14, paint: { "fill-color": ["case", IS_CIVIC, token("m-civic"), token("m-house")] } },
    { id: "walls", type: "line", source: "city", "source-layer": "buildings", minzoom: 16, paint: { "line-color": ["case", IS_CIVIC, token("m-civic-line"), token("m-house-line")], "line-width": 1 } },
  ],
  labels: () => [
    {
      id: "civic-names", type: "symbol", source: "city", "source-layer": "buildings", minzoom: 15.5, filter: IS_CIVIC,
      layout: { "text-field": ["coalesce", get("name"), ""], "text-font": ["Plex Medium"], "text-size": 11.5, "text-max-width": 8 },
      paint: { "text-color": token("ink-2"), "text-halo-color": token("m-civic"), "text-halo-width": 1.2 },
    },
    {
      id: "numbers", type: "symbol", source: "city", "source-layer": "buildings", minzoom: 18, filter: not(IS_CIVIC),
      layout: { "text-field": ["coalesce", ["to-string", get("number")], ""], "text-font": ["Plex"], "text-size": 10.5, "text-padding": 1 },
      paint: { "text-color": token("m-text"), "text-halo-color": token("m-house"), "text-halo-width": 1 },
    },
  ],
  pick: {
    kind: "building",
    exact: true,
    row: (building) => ({ shape: house, title: building.name || streetAddress(building) || t("building.other"), line: word("building", building.function) }),
  },
};
