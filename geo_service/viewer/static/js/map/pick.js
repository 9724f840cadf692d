/** What lies under a click: topmost first, as the layers lie on each other. */
import { parts } from "./layer.js";
import { LAYERS } from "./layers/index.js";
import { pavements } from "./layers/pavements.js";

/** @typedef {import("../hits.js").Hit} Hit */

/** Pixels around a click that count as a hit: a finger is wider than a footpath on a small map. */
const REACH = 5;

/**
 * @param {import("maplibre-gl").Map} map
 * @param {{x: number, y: number}} point in pixels
 * @returns {{hits: Hit[], onSection: boolean}}
 */
export function pick(map, point) {
  /** @type {[[number, number], [number, number]]} */
  const box = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
  const near = map.queryRenderedFeatures(box);
  const exact = map.queryRenderedFeatures([point.x, point.y]);
  const hits = LAYERS.toReversed().flatMap((layer) => {
    const { pick: opens } = layer;
    if (!opens) return [];
    const ids = new Set(parts(layer).map((part) => part.id));
    const features = (opens.exact ? exact : near).filter((feature) => ids.has(feature.layer.id) && feature.sourceLayer === layer.source && feature.properties.id);
    return features.map(({ properties }) => ({ selection: opens.selection?.(properties) ?? /** @type {const} */ (`${opens.kind}:${properties.id}`), ...opens.row(properties) }));
  });
  const once = hits.filter((hit, i) => hits.findIndex((other) => other.selection === hit.selection) === i);
  return { hits: once, onSection: exact.some((feature) => feature.sourceLayer === pavements.source) };
}
