/** The running map: address bar and panel on one side, MapLibre on the other. */
import { el } from "../dom.js";
import { follow } from "../follow.js";
import { may } from "../person.js";
import { lonLat } from "../geometry.js";
import { t } from "../i18n.js";
import { TESTED_ZOOM, isOn, parts as styleParts } from "./layer.js";
import { LEGEND } from "./layers/index.js";
import { conflicts } from "./layers/conflicts.js";
import { occupancies } from "./layers/occupancies.js";
import { openings } from "./layers/openings.js";
import { canDraw, createMap } from "./map.js";
import { BELOW } from "./by_street.js";
import { openIn } from "./period.js";
import { isNarrow, tileSources } from "./selection.js";

/** @typedef {import("../address.js").ViewState} ViewState */
/** @typedef {{canvas: HTMLElement, loading: HTMLElement, tools: HTMLElement, when: HTMLElement, zoomIn: HTMLElement, zoomOut: HTMLElement,
 *   here: HTMLElement, scale: HTMLElement, spoken: HTMLElement, found: HTMLElement}} Parts */

const MAP_CSS = new URL("../../vendor/maplibre-gl-6.17.0/maplibre-gl.css", import.meta.url).href;
/** Below this zoom a footpath is thinner than a finger: a click goes nearer first. */
const PICK_ZOOM = 15.5;

/**
 * @param {Parts} parts
 * @param {import("../state.js").State} state
 * @param {import("../status.js").StatusSource} status
 * @param {import("../person.js").Someone} person
 * @param {import("openapi").StatusOfAll} city what it said when the map began
 * @param {import("../screens/check/check.js").Check} check
 * @param {import("../opened.js").Opened} opened
 */
export function startMap(parts, state, status, person, city, check, opened) {
  if (!canDraw()) throw new Error("no WebGL");
  document.head.prepend(el("link", { rel: "stylesheet", href: MAP_CSS }));
  const center = lonLat(state.now.center) ?? lonLat(state.now.place) ?? city.center;
  const zoom = Number(state.now.zoom) || (state.now.place ? TESTED_ZOOM : 15.6);
  const today = () => status.current?.today ?? city.today;
  const sources = () => tileSources(state.now, today(), may(person.current?.role, "read repairs"));
  const map = createMap(parts.canvas, { center, zoom, bounds: city.bounds, tiles: sources() });
  /** @type {ReturnType<typeof import("./markers.js").createMarkers> | null} */
  let markers = null;
  /** How many of each layer lie in view. @type {Record<string, number | null>} */
  let counts = {};
  /** @type {ReturnType<typeof import("./legend.js").createLegend> | null} */
  let legend = null;
  insist(() => import("./legend.js"), ({ createLegend }) => {
    const made = (legend = createLegend(state, person));
    parts.tools.prepend(made.element);
    made.showCounts(counts);
    insist(async () => (await import("./filters.js")).loadFilters(state, onPaper), (filters) => made.narrow.append(filters));
    const images = /** @type {HTMLMetaElement | null} */ (document.querySelector("meta[name=background]"));
    if (images) insist(async () => (await import("./background.js")).loadBackground(map, state, images), (row) => made.narrow.before(row));
  });
  /** @type {ReturnType<typeof import("./weeks.js").createWeeks> | null} */
  let weeks = null;
  insist(() => import("./weeks.js"), ({ createWeeks }) => {
    weeks = createWeeks(map, state, today);
    parts.when.append(weeks.element);
  });

  follow(() => parts.canvas.offsetParent && map.loaded() && refresh(map));
  /** @type {ReturnType<typeof import("./drawing.js").createDrawing> | null} */
  let drawing = null;
  const loadTiles = () => changeTiles(map, sources());
  map.once("style.load", () => {
    state.onChange(() => map.once("render", loadTiles).triggerRepaint()); // tiles of an unknown owner never load
    person.onChange(loadTiles);
  });
  map.on("load", () => {
    let drawnOn = today();
    applyLayers(map, state.now, drawnOn);
    status.onChange(() => {
      if (drawnOn === today()) return;
      drawnOn = today();
      applyLayers(map, state.now, drawnOn);
      weeks?.refresh();
    });
    state.onChange((now, before) => {
      const changed = (/** @type {(keyof ViewState)[]} */ names) => names.some((name) => before?.[name] !== now[name]);
      if (changed(["screen", "layers", "period", "week", "owner", "department"])) applyLayers(map, now, today());
      const moved = before && before.center !== now.center && lonLat(now.center);
      if (moved) map.jumpTo({ center: moved, zoom: Number(now.zoom) || map.getZoom() });
    });
    insist(() => import("./show.js"), ({ showAnswer, showOpened }) => {
      check.onAnswer((answer) => {
        if (answer.phase === "done" && answer.changedAt) refresh(map);
        showAnswer(map, answer, state.now);
      });
      opened.onShow((geometry) => showOpened(map, geometry));
    });
    insist(() => import("./markers.js"), ({ createMarkers }) => {
      markers = createMarkers(map);
      check.onAnswer(markers.showAnswer);
      markers.refresh();
    });
    insist(() => import("./drawing.js"), ({ createDrawing }) => (drawing = createDrawing(map, state, parts.tools)));
  });
  map.on("moveend", () => {
    const at = map.getCenter();
    state.replace({ center: `${at.lng.toFixed(5)},${at.lat.toFixed(5)}`, zoom: map.getZoom().toFixed(1) });
  });
  insist(() => import("./scale.js"), ({ showScale }) => {
    const show = () => showScale(map, parts.scale);
    map.on("move", show);
    show();
  });
  map.on("error", (event) => "tile" in event && event.tile && allowReload(map, /** @type {any} */ (event)));
  map.on("sourcedata", ({ sourceId, tile }) => {
    if (sourceId === "city" && tile) parts.loading.hidden = true;
  });
  map.on("idle", () => {
    parts.loading.hidden = true;
    markers?.refresh();
    weeks?.refresh();
    later(import("./counts.js"), ({ countLayers }) => count(countLayers(map, state.now, today())));
  });

  /** @param {Record<string, number | null>} now */
  function count(now) {
    counts = now;
    legend?.showCounts(counts);
    parts.spoken.textContent = t("map.in_view", { works: (counts[openings.id] ?? 0) + (counts[occupancies.id] ?? 0), conflicts: counts[conflicts.id] ?? 0 });
  }
  map.on("click", (event) => test(event.point));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Enter") test(map.project(map.getCenter()));
  });
  parts.zoomIn.addEventListener("click", () => map.zoomIn());
  parts.zoomOut.addEventListener("click", () => map.zoomOut());
  state.onChange((now, before) => (parts.found.hidden ||= now.place !== before?.place));
  parts.here.addEventListener("click", () => later(import("./my_place.js"), ({ locate }) => locate(map, markers, parts.found, state, check)));

  function onPaper() {
    const sources = () => parts.canvas.parentElement?.querySelector(".sources")?.textContent ?? "";
    later(import("./sheet.js"), ({ openSheet }) => openSheet(map, { state, today, sources }));
  }

  /** @param {{x: number, y: number}} point */
  function test(point) {
    const at = map.unproject([point.x, point.y]);
    if (!drawing?.takes(at)) later(import("./pick.js"), ({ pick }) => open(at, pick(map, point)));
  }

  /** @param {import("maplibre-gl").LngLat} at @param {ReturnType<typeof import("./pick.js").pick>} picked */
  function open(at, { hits, onSection }) {
    if (hits.length === 0 && !onSection && map.getZoom() < PICK_ZOOM) return map.easeTo({ center: at, zoom: 17.5 });
    const only = hits[0];
    if (!onSection && hits.length === 1 && only) return state.go({ selection: only.selection, list: null });
    state.go({ screen: "map", case: null, place: `${at.lng.toFixed(6)},${at.lat.toFixed(6)}`, side: null, selection: null, list: null });
    check.showOthers(hits);
  }
}

/** Does something with a part of the map; while that does not come in, it is asked for again. @template T @param {() => Promise<T>} load @param {(part: T) => unknown} act */
function insist(load, act) {
  /** @type {Promise<unknown> | null} */
  let coming = null;
  const ask = () => (coming ??= load().then(act).catch(() => (coming = null)));
  follow(ask);
  ask();
}

/** Does something with a part that is not needed at first; without it when it does not come in. @template T @param {Promise<T>} part @param {(part: T) => unknown} act */
const later = (part, act) => part.then(act).catch(() => undefined);

/** Fetches what tiles hold by now. @param {import("maplibre-gl").Map} map */
const refresh = (map) => ["city", "registers"].forEach((name) => map.refreshTiles(name));

/** Loads other tiles, after the layers have changed: meanwhile MapLibre reads those again that it has. @param {import("maplibre-gl").Map} map @param {Record<string, string>} addresses by source */
function changeTiles(map, addresses) {
  for (const [name, address] of Object.entries(addresses)) {
    const source = /** @type {import("maplibre-gl").VectorTileSource} */ (map.getSource(name));
    if (source.tiles[0] !== address) source.setTiles([address]);
  }
}

/**
 * Lets a failed tile be loaded again: MapLibre 6.17 never ends the reload of a tile with a worker (`VectorTileSource.loadTile`), and forgets that
 * of a tile that fails meanwhile.
 * @param {import("maplibre-gl").Map} map
 * @param {{sourceId: string, tile: import("maplibre-gl").Tile}} failure
 */
function allowReload(map, { sourceId, tile }) {
  const { reloadPromise, tileID } = tile;
  Object.assign(tile, { actor: undefined, reloadPromise: undefined });
  if (reloadPromise) map.refreshTiles(sourceId, [tileID.canonical]);
}

/** @param {import("maplibre-gl").Map} map @param {ViewState} now @param {string} today */
function applyLayers(map, now, today) {
  for (const layer of LEGEND) {
    for (const part of styleParts(layer)) {
      const ofStreets = part.id === `${layer.id}-streets`; // these have no days, owner or department
      map.setLayoutProperty(part.id, "visibility", isOn(layer, now.layers) && !(ofStreets && isNarrow(now)) ? "visible" : "none");
      if (part.minzoom === BELOW) map.setLayerZoomRange(part.id, isNarrow(now) ? 0 : BELOW, part.maxzoom ?? 24);
      const own = "filter" in part ? part.filter : undefined;
      if (layer.legend.dated || now.week) map.setFilter(part.id, /** @type {any} */ (["all", own ?? true, openIn(now, today, layer.legend.days)]));
      else map.setFilter(part.id, own);
    }
  }
}
