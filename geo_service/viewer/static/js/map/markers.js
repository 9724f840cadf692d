/** Markers are links with text, so that they take focus and speak; from west to east, at most 40 in view. */
import { el } from "../dom.js";
import { area, money, t, word } from "../i18n.js";
import { pointInside } from "../geometry.js";
import { address } from "../state.js";
import { dot, marker } from "./map.js";
import { swatch } from "./shapes.js";

const MOST = 40;
const FROM_ZOOM = 16.5;
/** A stored conflict this close (pixels) to the answer's own note says the same thing. */
const NEAR_PX = 90;
/** Above the thing itself, with room for the stem. */
const LIFT = /** @type {[number, number]} */ ([0, -12]);

/** @param {import("maplibre-gl").Map} map */
export function createMarkers(map) {
  /** @type {{id: string, marker: import("maplibre-gl").Marker}[]} */
  let stored = [];
  /** @type {import("maplibre-gl").Marker[]} */
  let answered = [];
  /** @type {import("maplibre-gl").Marker | null} */
  let me = null;
  const layers = ["conf-fill", "conf-edge", "kans-edge", "kans-mark"];

  return {
    /** Conflicts in view, from the tiles. */
    refresh() {
      const drawn = map.getZoom() < FROM_ZOOM ? [] : onceEach(map.queryRenderedFeatures({ layers }));
      const notes = answered.map((one) => map.project(one.getLngLat()));
      const found = drawn.filter((one) => notes.every((note) => note.dist(map.project(one.at)) > NEAR_PX)).slice(0, MOST);
      const kept = stored.filter((one) => found.some((next) => next.id === one.id));
      for (const gone of stored) if (!kept.includes(gone)) gone.marker.remove();
      const added = found.filter((next) => !kept.some((one) => one.id === next.id)).map((next) => ({ id: next.id, marker: marker(conflictLink(next), next.at, LIFT).addTo(map) }));
      stored = [...kept, ...added];
      inReadingOrder(map);
    },
    /** Where the device says that it is. @param {[number, number]} at */
    showMe(at) {
      me?.remove();
      me = dot(el("span", { class: "me", role: "img", "aria-label": t("map.you") }), at).addTo(map);
    },
    /** The overlap of the answer. @param {import("../check/ask.js").Answer} answer */
    showAnswer(answer) {
      for (const one of answered) one.remove();
      const worst = answer.phase === "done" && answer.advice.conflicts.find((one) => one.geometry && !one.opportunity && one.facts.overlap_m2);
      answered = worst ? [marker(overlapNote(worst), pointInside(/** @type {any} */ (worst.geometry)), LIFT).addTo(map)] : [];
    },
  };
}

/** @param {any[]} features */
function onceEach(features) {
  const seen = new Map();
  for (const feature of features) {
    const p = feature.properties;
    if (p.id && !seen.has(p.id)) seen.set(p.id, { ...p, at: pointInside(feature.geometry) });
  }
  return [...seen.values()];
}

/** @param {any} conflict */
function conflictLink(conflict) {
  const shape = conflict.opportunity ? "chance" : "conflict";
  const text = [word("rule", conflict.rule), conflict.cost_at_risk_eur ? money(conflict.cost_at_risk_eur) : ""].filter(Boolean).join(" · ");
  const look = conflict.opportunity ? "mk chance" : "mk conf";
  return el("a", { class: look, href: address({ kies: `conflict:${conflict.id}`, lijst: null }) }, swatch(shape), text);
}

/** @param {import("../types.js").Conflict} conflict */
function overlapNote(conflict) {
  const { overlap_m2: overlap, cost_at_risk_eur: cost } = conflict.facts;
  const text = cost ? t("map.overlap", { area: area(overlap ?? 0), cost: money(cost) }) : word("rule", conflict.rule);
  return el("span", { class: "mk conf" }, swatch("conflict"), text);
}

/** Tab goes from west to east. @param {import("maplibre-gl").Map} map */
function inReadingOrder(map) {
  const links = [...map.getCanvasContainer().querySelectorAll("a.mk")];
  if (links.includes(/** @type {Element} */ (document.activeElement))) return;
  const left = (/** @type {Element} */ link) => link.getBoundingClientRect().left;
  map.getCanvasContainer().append(...links.sort((a, b) => left(a) - left(b)));
}
