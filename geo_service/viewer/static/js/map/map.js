/** The MapLibre map: our tiles, our fonts, our shapes; nothing from another host. */
import { Map as MapView, Marker } from "maplibre-gl";
import { currentLanguage, t } from "../i18n.js";
import { LAYERS } from "./layers/index.js";
import { PATTERNS } from "./pen.js";
import { SCALE, patternImage, shapeImage } from "./swatch.js";

/** @typedef {import("maplibre-gl").StyleSpecification} Style */

const NOTHING = /** @type {any} */ ({ type: "FeatureCollection", features: [] });
const MIN_ZOOM = 10;
const MAX_TILE_ZOOM = 18;

/**
 * @param {HTMLElement} container
 * @param {{center: [number, number], zoom: number, bounds: [number, number, number, number], tiles: Record<string, string>}} view `tiles`: their addresses by source (`selection.js`)
 * @returns {MapView}
 */
export function createMap(container, view) {
  const map = new MapView({
    container,
    style: style(view.bounds, view.tiles),
    center: view.center,
    zoom: view.zoom,
    minZoom: MIN_ZOOM,
    maxZoom: 21.5,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    locale: { "Map.Title": t("map.label") },
    transformRequest: (url) => ({ url, credentials: "same-origin", headers: { "Accept-Language": currentLanguage() } }),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  for (const [name, shape] of LAYERS.flatMap((layer) => Object.entries(layer.shapes ?? {}))) {
    map.on("styledata", () => map.hasImage(`shape-${name}`) || map.addImage(`shape-${name}`, shapeImage(shape), { pixelRatio: SCALE }));
  }
  for (const pattern of /** @type {(keyof typeof PATTERNS)[]} */ (Object.keys(PATTERNS))) {
    map.on("styledata", () => map.hasImage(`pattern-${pattern}`) || map.addImage(`pattern-${pattern}`, patternImage(pattern), { pixelRatio: SCALE }));
  }
  return map;
}

/** A marker whose element is ours. @param {HTMLElement} element @param {[number, number]} at @param {[number, number]} offset */
export function marker(element, at, offset) {
  return new Marker({ element, anchor: "bottom", offset }).setLngLat(at);
}

/** A marker that lies on its place. @param {HTMLElement} element @param {[number, number]} at */
export function dot(element, at) {
  return new Marker({ element, anchor: "center" }).setLngLat(at);
}

/** A marker that can be dragged elsewhere. @param {HTMLElement} element @param {[number, number]} at */
export function handle(element, at) {
  return new Marker({ element, anchor: "center", draggable: true }).setLngLat(at);
}

/** Whether this browser can draw the map at all. */
export function canDraw() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

/** @param {[number, number, number, number]} bounds @param {Record<string, string>} tiles @returns {Style} */
function style(bounds, tiles) {
  return {
    version: 8,
    sources: {
      ...Object.fromEntries(Object.entries(tiles).map(([name, address]) => [name, { type: /** @type {const} */ ("vector"), tiles: [address], minzoom: MIN_ZOOM, maxzoom: MAX_TILE_ZOOM, bounds }])),
      overlap: { type: "geojson", data: NOTHING },
      selection: { type: "geojson", data: NOTHING },
    },
    layers: [
      ...LAYERS.flatMap((layer) => layer.style(layer)),
      { id: "overlap-fill", type: "fill", source: "overlap", paint: { "fill-pattern": "pattern-cross" } },
      { id: "selection-halo", type: "line", source: "selection", paint: { "line-color": "#ffffff", "line-width": 5 } },
      { id: "selection-line", type: "line", source: "selection", paint: { "line-color": "#16212b", "line-width": 2.2 } },
      ...LAYERS.flatMap((layer) => layer.labels?.(layer) ?? []),
    ],
  };
}
