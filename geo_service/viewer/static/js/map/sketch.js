/** Drawing on the map: an area or a line, its length and surface while it grows, and one press to check that ground. By mouse, finger and key. */
import { FEWEST, MOST_POINTS, geometryOf, parse, write } from "../drawn.js";
import { el, fill } from "../dom.js";
import { area, loadScreenWords, number, t } from "../i18n.js";
import { segments } from "../segments.js";
import { loadStyle } from "../style.js";
import { handle } from "./map.js";
import { areaOf, crosses, lengthOf } from "./measure.js";
import { token } from "./tokens.js";

/** @typedef {import("../geometry.js").LonLat} LonLat */
/** @typedef {import("../drawn.js").Form} Form */
/** @typedef {ReturnType<typeof createSketch>} Sketch */

const FORMS = /** @type {const} */ (["area", "line"]);
const NOTHING = /** @type {any} */ ({ type: "FeatureCollection", features: [] });

/** With its words and looks. @param {import("maplibre-gl").Map} map @param {import("../state.js").State} state */
export async function loadSketch(map, state) {
  await Promise.all([loadScreenWords("map_tools"), loadStyle(new URL("../../css/map_tools.css", import.meta.url))]);
  return createSketch(map, state);
}

/**
 * @param {import("maplibre-gl").Map} map
 * @param {import("../state.js").State} state
 */
function createSketch(map, state) {
  /** @type {LonLat[]} */
  let points = [];
  /** @type {import("maplibre-gl").Marker[]} */
  let corners = [];
  const choice = segments("draw", t("map_tools.title"), FORMS.map((value) => ({ value, label: t(`map_tools.form.${value}`) })), (draw) => state.swap({ draw }));
  const size = el("output", { class: "said", "aria-live": "polite" });
  const undo = el("button", { class: "btn", type: "button", onclick: removeLast }, t("map_tools.undo"));
  const check = el("button", { class: "btn primary", type: "button", onclick: submit }, t("map_tools.check"));
  const close = el("button", { class: "btn", type: "button", onclick: () => state.go({ draw: null }) }, t("action.close"));
  const element = el("section", { class: "sketch float", "aria-label": t("map_tools.title"), hidden: true }, choice.element, size, el("div", { class: "steps" }, undo, check, close));
  map.addSource("sketch", { type: "geojson", data: NOTHING });
  map.addLayer({ id: "sketch-fill", type: "fill", source: "sketch", paint: { "fill-color": token("accent"), "fill-opacity": 0.14 } });
  map.addLayer({ id: "sketch-halo", type: "line", source: "sketch", paint: { "line-color": token("surface"), "line-width": 5 } });
  map.addLayer({ id: "sketch-line", type: "line", source: "sketch", paint: { "line-color": token("accent"), "line-width": 2.4, "line-dasharray": [2, 1.4] } });

  const form = () => /** @type {Form} */ (state.now.draw ?? "area");

  function draw() {
    const isArea = form() === "area" && points.length >= FEWEST.area;
    const crossing = isArea && crosses(points);
    const shape = points.length < 2 ? null : geometryOf({ form: isArea ? "area" : "line", points });
    const source = /** @type {import("maplibre-gl").GeoJSONSource} */ (map.getSource("sketch"));
    source.setData(shape ? { type: "Feature", properties: {}, geometry: /** @type {any} */ (shape) } : NOTHING);
    corners.forEach((corner) => corner.remove());
    corners = points.map((point, i) => corner(point, i));
    fill(size, crossing ? t("map_tools.crosses") : points.length === MOST_POINTS ? t("map_tools.full", { n: MOST_POINTS }) : words(isArea));
    undo.disabled = points.length === 0;
    check.disabled = points.length < FEWEST[form()] || crossing;
  }

  /** "3 punten · 24,6 m · 42,1 m²". @param {boolean} isArea */
  function words(isArea) {
    if (points.length === 0) return t("map_tools.begin");
    const round = isArea ? [...points, /** @type {LonLat} */ (points[0])] : points;
    return [t("map_tools.points", { n: points.length }), points.length > 1 && `${number(lengthOf(round))}\u00a0m`, isArea && area(areaOf(points))].filter(Boolean).join(" · ");
  }

  /** A corner that can be dragged elsewhere. @param {LonLat} point @param {number} i */
  function corner(point, i) {
    const one = handle(el("span", { class: "corner" }), point).addTo(map);
    one.on("dragend", () => {
      const { lng, lat } = one.getLngLat();
      points = points.with(i, [lng, lat]);
      draw();
    });
    return one;
  }

  function removeLast() {
    points = points.slice(0, -1);
    draw();
  }

  function submit() {
    state.go({ screen: "map", case: null, selection: null, list: null, side: null, draw: null, place: write({ form: form(), points }) });
  }

  return {
    element,
    /** @param {{lng: number, lat: number}} at */
    add({ lng, lat }) {
      if (points.length < MOST_POINTS) points = [...points, [lng, lat]];
      draw();
    },
    removeLast,
    /** Follows the address: what is checked already is drawn further. @param {import("../address.js").ViewState} now */
    show(now) {
      const isOpen = now.draw !== null;
      if (isOpen && element.hidden) points = parse(now.place)?.points ?? [];
      if (!isOpen) points = [];
      element.hidden = !isOpen;
      if (isOpen) choice.choose(now.draw);
      draw();
    },
  };
}
