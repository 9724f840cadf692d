/** What lies under a click: topmost first, in the order conflict, repair, works, building. */
import { period, t, word } from "../i18n.js";
import { sourceId } from "../facts.js";
import { streetAddress } from "../place.js";

/** @typedef {import("../hits.js").Hit} Hit */
/** @typedef {{source: string, kies: string, row: (properties: any) => Omit<Hit, "kies">}} Pickable */

/** Pixels around a click that count as a hit: a finger is wider than a footpath on a small map. */
const REACH = 5;

/** @type {readonly Pickable[]} */
const ORDER = [
  { source: "conflicts", kies: "conflict", row: (p) => ({ shape: p.opportunity ? "chance" : "conflict", title: word("rule", p.rule), line: [word("severity", p.severity), word("status", p.status)].filter(Boolean).join(" · ") }) },
  { source: "repairs", kies: "herstelling", row: (p) => ({ shape: p.held ? "repair_held" : "repair", title: word("category", p.category), line: [word("repair_status", p.status), word("urgency", p.urgency)].filter(Boolean).join(" · ") }) },
  { source: "works", kies: "werk", row: (p) => ({ shape: worksShape(p), title: [p.owner, sourceId(p.source, p.source_id)].filter(Boolean).join(" · "), line: [word("certainty", p.certainty), period(p.starts_on, p.ends_on)].join(" · ") }) },
  { source: "buildings", kies: "gebouw", row: (p) => ({ shape: "house", title: p.name || streetAddress(p) || t("building.other"), line: word("building", p.function) }) },
];

/**
 * @param {import("maplibre-gl").Map} map
 * @param {{x: number, y: number}} point in pixels
 * @returns {{hits: Hit[], onSection: boolean}}
 */
export function pick(map, point) {
  /** @type {[[number, number], [number, number]]} */
  const box = [[point.x - REACH, point.y - REACH], [point.x + REACH, point.y + REACH]];
  const near = map.queryRenderedFeatures(box).filter((feature) => feature.source === "city");
  const exact = map.queryRenderedFeatures([point.x, point.y]);
  const hits = ORDER.flatMap((kind) => {
    const found = (kind.source === "buildings" ? exact : near).filter((feature) => feature.sourceLayer === kind.source);
    return once(found.map((feature) => feature.properties)).map((p) => ({ kies: `${kind.kies}:${p.id}`, ...kind.row(p) }));
  });
  const onSection = exact.some((feature) => feature.sourceLayer === "pavements");
  return { hits, onSection };
}

/** @param {any[]} properties */
function once(properties) {
  return properties.filter((p, i) => p.id && properties.findIndex((other) => other.id === p.id) === i);
}

/** @param {any} works @returns {import("./shapes.js").Shape} */
function worksShape(works) {
  if (!works.opens_surface) return "occupancy";
  if (works.certainty === "in_progress") return "works_in_progress";
  return works.certainty === "indicative" ? "works_indicative" : "works";
}
