/** Markers are links with text, so that they take focus and speak; from west to east, at most 40 in view. */
import { el } from "../dom.js";
import { area, money, t, word } from "../i18n.js";
import { pointInside } from "../geometry.js";
import { address } from "../address.js";
import { NEAR, parts } from "./layer.js";
import { conflicts } from "./layers/conflicts.js";
import { LAYERS } from "./layers/index.js";
import { dot, marker } from "./map.js";
import { swatch } from "./swatch.js";

/** @typedef {import("./layer.js").MarkerLayer} MarkerLayer */
/** @typedef {{id: string, layer: MarkerLayer, properties: any, at: import("../geometry.js").LonLat}} MarkerFeature */

const MOST = 40;
/** A stored conflict this close (pixels) to the answer's own note says the same thing. */
const NEAR_PX = 90;
/** Above the thing itself, with room for the stem (pixels). */
const LIFT = 12;
/** Markers on one spot stand above each other, so far apart (pixels). */
const ROW = 30;
const MOST_ROWS = 5;

/** @param {import("maplibre-gl").Map} map */
export function createMarkers(map) {
  /** @type {{id: string, marker: import("maplibre-gl").Marker}[]} */
  let stored = [];
  /** @type {import("maplibre-gl").Marker[]} */
  let answerMarkers = [];
  /** @type {import("maplibre-gl").Marker | null} */
  let me = null;
  const layers = LAYERS.toReversed().filter(hasMarker).map((layer) => ({ layer, ids: parts(layer).map((part) => part.id) }));

  return {
    /** Conflicts in view, from the tiles. */
    refresh() {
      const drawn = map.getZoom() < NEAR ? [] : onceEach(layers.flatMap(({ layer, ids }) => map.queryRenderedFeatures({ layers: ids }).map((feature) => ({ layer, feature }))));
      const notes = answerMarkers.map((one) => map.project(one.getLngLat()));
      const features = drawn.filter((one) => notes.every((note) => note.dist(map.project(one.at)) > NEAR_PX)).slice(0, MOST);
      const kept = stored.filter((one) => features.some((next) => next.id === one.id));
      for (const gone of stored) if (!kept.includes(gone)) gone.marker.remove();
      const added = features.filter((next) => !kept.some((one) => one.id === next.id)).map((next) => ({ id: next.id, marker: standing(link(next), next.at).addTo(map) }));
      stored = [...kept, ...added];
      spread(map, [...answerMarkers, ...stored.map((one) => one.marker)]);
      inReadingOrder(map);
    },
    /** Where the device says that it is. @param {[number, number]} at */
    showMe(at) {
      me?.remove();
      me = dot(el("span", { class: "me", role: "img", "aria-label": t("map.you") }), at).addTo(map);
    },
    /** The overlap of the answer. @param {import("../screens/check/ask.js").Answer} answer */
    showAnswer(answer) {
      for (const one of answerMarkers) one.remove();
      const worst = answer.phase === "done" && answer.advice.conflicts.find((one) => one.geometry && !one.opportunity && one.facts.overlap_m2);
      answerMarkers = worst ? [standing(overlapNote(worst), pointInside(/** @type {any} */ (worst.geometry))).addTo(map)] : [];
      spread(map, [...answerMarkers, ...stored.map((one) => one.marker)]);
    },
  };
}

/** @param {HTMLElement} element @param {import("../geometry.js").LonLat} at */
const standing = (element, at) => marker(element, at, [0, -LIFT]);

/** Lifts each marker that would lie on one before it; its stem grows with it. @param {import("maplibre-gl").Map} map @param {import("maplibre-gl").Marker[]} markers */
function spread(map, markers) {
  const places = markers.map((one) => ({ one, ...map.project(one.getLngLat()), width: one.getElement().offsetWidth })); // all is read before the first is moved
  /** @type {{x: number, y: number, width: number}[]} */
  const before = [];
  for (const { one, x, y, width } of places) {
    const isTaken = (/** @type {number} */ lift) => before.some((other) => Math.abs(other.x - x) < (other.width + width) / 2 && Math.abs(other.y - (y - lift)) < ROW);
    let lift = 0;
    while (isTaken(lift) && lift < MOST_ROWS * ROW) lift += ROW;
    before.push({ x, y: y - lift, width });
    one.setOffset([0, -LIFT - lift]);
    one.getElement().style.setProperty("--lift", `${lift}px`);
  }
}

/** @param {import("./layer.js").Layer} layer @returns {layer is MarkerLayer} */
const hasMarker = (layer) => Boolean(layer.marker && layer.pick);

/** @param {{layer: MarkerLayer, feature: import("maplibre-gl").MapGeoJSONFeature}[]} features @returns {MarkerFeature[]} */
function onceEach(features) {
  /** @type {Map<string, MarkerFeature>} */
  const seen = new Map();
  for (const { layer, feature: { properties, geometry } } of features) {
    const { id } = properties;
    if (id && !seen.has(id)) seen.set(id, { id, layer, properties, at: pointInside(/** @type {any} */ (geometry)) });
  }
  return [...seen.values()];
}

/** @param {MarkerFeature} feature */
function link({ id, layer, properties }) {
  const { look, shape, text } = layer.marker;
  return el("a", { class: look, href: address({ selection: `${layer.pick.kind}:${id}`, list: null }) }, swatch(shape), text(properties));
}

/** @param {import("openapi").Conflict} conflict */
function overlapNote(conflict) {
  const { overlap_m2: overlap, cost_at_risk_eur: cost } = conflict.facts;
  const text = cost ? t("map.overlap", { area: area(overlap ?? 0), cost: money(cost) }) : word("rule", conflict.rule);
  return el("span", { class: conflicts.marker.look }, swatch(conflicts.marker.shape), text);
}

/** Tab goes from west to east. @param {import("maplibre-gl").Map} map */
function inReadingOrder(map) {
  const links = [...map.getCanvasContainer().querySelectorAll("a.mk")];
  if (links.includes(/** @type {Element} */ (document.activeElement))) return;
  const left = (/** @type {Element} */ link) => link.getBoundingClientRect().left;
  map.getCanvasContainer().append(...links.sort((a, b) => left(a) - left(b)));
}
