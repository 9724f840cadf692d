/** Conflicts and opportunities from afar: one shape for each street, with how many there are and what is at stake. */
import { locale } from "../i18n.js";
import { equal, get } from "./layer.js";
import { token } from "./tokens.js";

/** Below this zoom the map has streets instead of each conflict: `ogc/layers/conflict_streets.sql`. */
export const BELOW = 14;

/** A part of the style that draws each conflict by itself; in a chosen week, from afar as well. @param {import("./layer.js").StyleLayer} part @returns {import("./layer.js").StyleLayer} */
export const nearBy = (part) => ({ ...part, minzoom: BELOW });

/**
 * "3 · € 12.300" beside the shape of the layer.
 * @param {import("./layer.js").Layer} layer
 * @param {string} image
 * @param {boolean} opportunity
 * @returns {import("./layer.js").StyleLayer}
 */
export function byStreet(layer, image, opportunity) {
  const money = ["concat", "€\u00a0", ["number-format", ["round", get("eur")], { locale: locale() }]];
  const text = ["concat", ["to-string", get("conflicts")], ["case", [">", ["coalesce", get("eur"), 0], 0], ["concat", "\u00a0· ", money], ""]];
  return {
    id: `${layer.id}-streets`, type: "symbol", source: "city", "source-layer": "conflict_streets", maxzoom: BELOW, filter: equal("opportunity", /** @type {any} */ (opportunity)),
    layout: {
      "icon-image": image, "icon-allow-overlap": true, "icon-padding": 0, "symbol-sort-key": ["-", ["coalesce", get("eur"), 0]],
      "text-field": /** @type {any} */ (text), "text-font": ["Plex Medium"], "text-size": 12, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.9, "text-optional": true,
    },
    paint: { "text-color": token("ink"), "text-halo-color": token("surface"), "text-halo-width": 1.6 },
  };
}
