/**
 * What the map is about. One entry per line of the legend: its name, its shape, and the layers that draw it.
 * The legend and the map both read this list, so they cannot disagree. Order in the legend; drawing order is DRAWN.
 */
import { token } from "./tokens.js";
import { CIVIC } from "./ground.js";

/** @typedef {import("maplibre-gl").LayerSpecification} Layer */
/** `from`: the zoom from which it is drawn, as the tiles have it. @typedef {{id: string, key: string, shape: import("./shapes.js").Shape, on: boolean, dated: boolean, from: number, source: string, where: any, draw: (theme: Theme) => Layer[]}} Theme */

/** Below this zoom things are lines and marks, above it polygons with patterns. */
const NEAR = 16.5;
const get = (/** @type {string} */ name) => /** @type {any} */ (["get", name]);
const yes = (/** @type {string} */ name) => /** @type {any} */ (["to-boolean", get(name)]);
const certain = (/** @type {string} */ code) => /** @type {any} */ (["==", get("certainty"), code]);
const LIVE = /** @type {any} */ (["!", ["in", get("certainty"), ["literal", ["done", "cancelled"]]]]);
const ALL = /** @type {any} */ (true);
/** A strip is never thinner than this on screen, whatever the zoom. */
const STRIP = /** @type {any} */ (["interpolate", ["linear"], ["zoom"], 11, 2, 14, 3.5, 17, 2.4, 18.5, 1.6]);

/** @type {readonly Theme[]} */
export const THEMES = [
  { id: "open", key: "claim.opening", shape: "works", on: true, dated: true, from: 0, source: "works", where: ["all", LIVE, yes("opens_surface")], draw: openings },
  { id: "inname", key: "claim.occupancy", shape: "occupancy", on: true, dated: true, from: 0, source: "works", where: ["all", LIVE, ["!", yes("opens_surface")]], draw: occupancies },
  { id: "herst", key: "layer.repair", shape: "repair", on: true, dated: false, from: 0, source: "repairs", where: ALL, draw: repairs },
  { id: "conf", key: "layer.conflict", shape: "conflict", on: true, dated: false, from: 0, source: "conflicts", where: ["!", yes("opportunity")], draw: conflicts },
  { id: "kans", key: "layer.chance", shape: "chance", on: true, dated: false, from: 0, source: "conflicts", where: yes("opportunity"), draw: chances },
  { id: "gar", key: "claim.guarantee", shape: "guarantee", on: true, dated: false, from: 14, source: "guarantees", where: ALL, draw: guarantees },
  { id: "nieuw", key: "claim.investment", shape: "new_surface", on: false, dated: false, from: 14, source: "new_surfaces", where: ALL, draw: newSurfaces },
  { id: "toeg", key: "layer.access", shape: "house", on: true, dated: false, from: 14, source: "buildings", where: ["in", get("function"), ["literal", CIVIC]], draw: access },
];

/** From below, as they lie on each other on the map. */
export const DRAWN = ["toeg", "gar", "nieuw", "inname", "open", "herst", "kans", "conf"];

/** The certainties in the legend, each with the shape that shows it. @type {readonly {key: string, shape: import("./shapes.js").Shape}[]} */
export const CERTAINTY_KEY = [
  { key: "legend.in_progress", shape: "works_in_progress" },
  { key: "legend.planned", shape: "works" },
  { key: "legend.indicative", shape: "works_indicative" },
];

/** @param {Theme} theme @returns {Layer[]} */
function openings(theme) {
  const color = token("l-works");
  const firm = /** @type {any} */ (["!", certain("indicative")]);
  return [
    fill(theme, "planned", firm, { "fill-pattern": ["case", certain("in_progress"), "pattern-dense", "pattern-hatch"] }),
    fill(theme, "indicative", certain("indicative"), { "fill-color": token("surface"), "fill-opacity": 0.55 }),
    line(theme, "planned-edge", firm, { "line-color": color, "line-width": STRIP }),
    line(theme, "indicative-edge", certain("indicative"), { "line-color": color, "line-width": STRIP, "line-dasharray": [3, 2] }),
    mark(theme, ["case", certain("in_progress"), "shape-works_in_progress", certain("indicative"), "shape-works_indicative", "shape-works"]),
  ];
}

/** @param {Theme} theme @returns {Layer[]} */
function occupancies(theme) {
  return [
    fill(theme, "fill", ALL, { "fill-pattern": "pattern-lines" }),
    line(theme, "edge", ALL, { "line-color": token("l-occup"), "line-width": STRIP }),
    mark(theme, "shape-occupancy"),
  ];
}

/** @param {Theme} theme @returns {Layer[]} */
function repairs(theme) {
  return [
    fill(theme, "fill", ALL, { "fill-color": token("l-repair"), "fill-opacity": 0.13 }),
    line(theme, "edge", ALL, { "line-color": token("l-repair"), "line-width": 2.4 }),
    { ...mark(theme, ["case", yes("held"), "shape-repair_held", "shape-repair"]), maxzoom: 24 },
  ];
}

/** @param {Theme} theme @returns {Layer[]} */
function conflicts(theme) {
  return [
    fill(theme, "fill", ALL, { "fill-pattern": "pattern-cross" }),
    line(theme, "edge", ALL, { "line-color": token("l-conflict"), "line-width": 1.6 }),
    mark(theme, "shape-conflict"),
  ];
}

/** @param {Theme} theme @returns {Layer[]} */
function chances(theme) {
  return [
    line(theme, "edge", ALL, { "line-color": token("l-chance"), "line-width": 2, "line-dasharray": [1, 1.5] }),
    { ...mark(theme, "shape-chance"), maxzoom: 24 },
  ];
}

/** @param {Theme} theme @returns {Layer[]} */
function guarantees(theme) {
  return [line(theme, "edge", ALL, { "line-color": token("l-guarantee"), "line-width": 2.2, "line-dasharray": [0.1, 2] }, { "line-cap": "round" })];
}

/** @param {Theme} theme @returns {Layer[]} */
function newSurfaces(theme) {
  return [line(theme, "edge", ALL, { "line-color": token("l-new"), "line-width": 1.4, "line-gap-width": 2.5 })];
}

/** @param {Theme} theme @returns {Layer[]} */
function access(theme) {
  return [line(theme, "edge", ALL, { "line-color": token("ink"), "line-width": 1.6 })];
}

/** @param {Theme} theme @param {string} part @param {any} where @param {any} paint @returns {Layer} */
function fill(theme, part, where, paint) {
  const filter = /** @type {any} */ (["all", theme.where, where, ["==", ["geometry-type"], "Polygon"]]);
  return { id: `${theme.id}-${part}`, type: "fill", source: "city", "source-layer": theme.source, minzoom: 15, filter, paint };
}

/** @param {Theme} theme @param {string} part @param {any} where @param {any} paint @param {any} [layout] @returns {Layer} */
function line(theme, part, where, paint, layout = {}) {
  const filter = /** @type {any} */ (["all", theme.where, where, ["!=", ["geometry-type"], "Point"]]);
  return { id: `${theme.id}-${part}`, type: "line", source: "city", "source-layer": theme.source, filter, paint, layout };
}

/** @param {Theme} theme @param {any} image @returns {Layer} */
function mark(theme, image) {
  return {
    id: `${theme.id}-mark`, type: "symbol", source: "city", "source-layer": theme.source, filter: theme.where, maxzoom: NEAR,
    layout: { "icon-image": image, "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 15, 0.9], "icon-allow-overlap": true, "icon-padding": 0 },
  };
}
