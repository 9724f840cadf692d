/** What a layer of the map consists of, and the parts from which the style of one is made. */

/** @typedef {import("maplibre-gl").LayerSpecification} StyleLayer */
/** @typedef {import("./pen.js").Shape} Shape */

/**
 * @typedef {object} Layer
 * @property {string} id in the address of the page, and the beginning of the ids of its style
 * @property {string} source layer of the vector tile: `ogc/layers/<source>.sql`
 * @property {"registers"} [tiles] of which tiles, where it is not those of the city: these are fetched once the layer is switched on
 * @property {any} [where] which features of the source belong to it, as a MapLibre expression; all without it
 * @property {Record<string, Shape>} [shapes] its drawings; the map has each as image `shape-<name>`
 * @property {(layer: Layer) => StyleLayer[]} style how it is drawn, from below
 * @property {(layer: Layer) => StyleLayer[]} [labels] names, above the style of all layers
 * @property {Legend} [legend] its line in the legend; a layer without one cannot be switched off
 * @property {Pick} [pick] what a click on it opens
 * @property {boolean} [ofRepairs] nothing of it is for partners: their legend leaves it out
 * @property {Marker} [marker] the marker beside each of its features, near by
 */

/**
 * @typedef {object} Legend
 * @property {string} name key of its name in the locale files
 * @property {Shape} shape
 * @property {boolean} on in view at first
 * @property {number} from the zoom from which the tiles have it
 * @property {boolean} [dated] drawn only where its days meet the period below the map; without it, only where they meet the chosen week
 * @property {readonly [string | null, string]} [days] the fields with its first day (null: it is there since ever) and the day after its last; `starts_on` and `ends_on` without it
 * @property {readonly {name: string, shape: Shape}[]} [variants] its other shapes, explained at the foot of the legend
 */

/** A row of a list about one feature. @typedef {{shape: Shape, title: string, line: string}} Row */
/** `exact`: only right under the pointer, not beside it. `selection`: what it opens, where that is not the thing of this `kind` with its `id`.
 * @typedef {{kind: import("../address.js").Kind, exact?: boolean, row: (properties: any) => Row, selection?: (properties: any) => import("../address.js").Selection}} Pick */
/** `look`: CSS classes. @typedef {{look: string, shape: Shape, text: (properties: any) => string}} Marker */
/** @typedef {Layer & {legend: Legend}} LegendLayer */
/** @typedef {Layer & {pick: Pick, marker: Marker}} MarkerLayer */

/** As near as a place that is checked or open is shown. */
export const TESTED_ZOOM = 18.4;
/** Below this zoom things are lines and marks, above it polygons with patterns. */
export const NEAR = 16.5;
export const get = (/** @type {string} */ name) => /** @type {any} */ (["get", name]);
export const yes = (/** @type {string} */ name) => /** @type {any} */ (["to-boolean", get(name)]);
export const equal = (/** @type {string} */ name, /** @type {string} */ code) => /** @type {any} */ (["==", get(name), code]);
export const not = (/** @type {any} */ condition) => /** @type {any} */ (["!", condition]);
export const ALL = /** @type {any} */ (true);
/** A strip is never thinner than this on screen, whatever the zoom. */
export const STRIP = /** @type {any} */ (["interpolate", ["linear"], ["zoom"], 11, 2, 14, 3.5, 17, 2.4, 18.5, 1.6]);

/** The source of the style that has the tiles of a layer. @param {Layer} layer */
export const tilesOf = (layer) => layer.tiles ?? "city";

/** Areas, from zoom 15. @param {Layer} layer @param {string} part @param {any} where @param {any} paint @returns {StyleLayer} */
export function fill(layer, part, where, paint) {
  const filter = /** @type {any} */ (["all", layer.where ?? ALL, where, ["==", ["geometry-type"], "Polygon"]]);
  return { id: `${layer.id}-${part}`, type: "fill", source: tilesOf(layer), "source-layer": layer.source, minzoom: 15, filter, paint };
}

/** Edges of areas, and lines. @param {Layer} layer @param {string} part @param {any} where @param {any} paint @param {any} [layout] @returns {StyleLayer} */
export function line(layer, part, where, paint, layout = {}) {
  const filter = /** @type {any} */ (["all", layer.where ?? ALL, where, ["!=", ["geometry-type"], "Point"]]);
  return { id: `${layer.id}-${part}`, type: "line", source: tilesOf(layer), "source-layer": layer.source, filter, paint, layout };
}

/** A shape on each feature, from afar. @param {Layer} layer @param {any} image @returns {StyleLayer} */
export function mark(layer, image) {
  return {
    id: `${layer.id}-mark`, type: "symbol", source: tilesOf(layer), "source-layer": layer.source, filter: layer.where ?? ALL, maxzoom: NEAR,
    layout: { "icon-image": image, "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 15, 0.9], "icon-allow-overlap": true, "icon-padding": 0 },
  };
}

/** Every part of the style of a layer, its labels too. @param {Layer} layer */
export const parts = (layer) => [...layer.style(layer), ...(layer.labels?.(layer) ?? [])];

/** Whether a layer is shown. @param {LegendLayer} layer @param {string | null} layers in the address */
export function isOn(layer, layers) {
  return layers === null ? layer.legend.on : layers.split(",").includes(layer.id);
}
