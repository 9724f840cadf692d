/** How many different things of each layer lie in view, from the data of the tiles: whether they are drawn, switched off or hidden by others. */
import { bounds } from "../geometry.js";
import { ALL, isOn, tilesOf } from "./layer.js";
import { LEGEND } from "./layers/index.js";
import { openIn } from "./period.js";

/** @typedef {import("../address.js").ViewState} ViewState */

/**
 * Counts per layer; null where its tiles begin nearer, none for a layer that is off and has tiles of its own.
 * @param {import("maplibre-gl").Map} map
 * @param {ViewState} now
 * @param {string} today
 */
export function countLayers(map, now, today) {
  /** @type {Record<string, number | null>} */
  const counts = {};
  for (const layer of LEGEND) {
    if (layer.tiles && !isOn(layer, now.layers)) continue;
    const there = layer.legend.dated || now.week ? openIn(now, today, layer.legend.days) : ALL;
    const filter = /** @type {any} */ (["all", layer.where ?? ALL, there]);
    counts[layer.id] = map.getZoom() < layer.legend.from ? null : new Set(inView(map, layer.source, filter, tilesOf(layer)).map(({ id }) => id)).size;
  }
  return counts;
}

/** The properties of what lies in view. @param {import("maplibre-gl").Map} map @param {string} sourceLayer @param {any} [filter] @param {string} [tiles] their source @returns {{[name: string]: any}[]} */
export function inView(map, sourceLayer, filter, tiles = "city") {
  const seen = map.getBounds();
  const features = map.querySourceFeatures(tiles, { sourceLayer, filter });
  return features.filter(({ geometry }) => {
    const [left, bottom, right, top] = bounds(/** @type {any} */ (geometry));
    return left <= seen.getEast() && right >= seen.getWest() && bottom <= seen.getNorth() && top >= seen.getSouth();
  }).map(({ properties }) => properties);
}
