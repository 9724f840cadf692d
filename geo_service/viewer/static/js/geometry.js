/** Small geometry on lon/lat for the screen only; distances and overlaps are the server's. */

/** @typedef {import("openapi").Geometry} Geometry */
/** @typedef {[number, number]} LonLat */

/** Just off the middle, so that the cut does not run along an edge of a box. */
const OFF_MIDDLE = 0.5000001;

/**
 * "3.21381,50.91432" as a position; null when it is something else.
 * @param {string | null} text
 * @returns {LonLat | null}
 */
export function lonLat(text) {
  const parts = (text ?? "").split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [lon, lat] = parts;
  if (parts.length !== 2 || lon === undefined || lat === undefined) return null;
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? [lon, lat] : null;
}

/**
 * All positions of a geometry.
 * @param {Geometry} geometry
 * @returns {LonLat[]}
 */
export function positions(geometry) {
  if (geometry.type === "GeometryCollection") return (geometry.geometries ?? []).flatMap(positions);
  const flat = geometry.coordinates.flat(Infinity);
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, i) => [flat[2 * i], flat[2 * i + 1]]);
}

/**
 * West, south, east, north.
 * @param {Geometry} geometry
 * @returns {[number, number, number, number]}
 */
export function bounds(geometry) {
  const all = positions(geometry);
  const lons = all.map(([lon]) => lon);
  const lats = all.map(([, lat]) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/**
 * A position that lies in the polygon, also in a bent strip where the centre would fall outside it:
 * the middle of the widest cut along its middle latitude.
 * @param {Geometry} geometry
 * @returns {LonLat}
 */
export function pointInside(geometry) {
  const [west, south, east, north] = bounds(geometry);
  const rings = polygonRings(geometry);
  if (rings.length === 0) return positions(geometry)[Math.floor(positions(geometry).length / 2)] ?? [west, south];
  const lat = south + (north - south) * OFF_MIDDLE;
  const crossings = rings.flatMap((ring) => crossingsOf(ring, lat)).sort((a, b) => a - b);
  let best = { width: -1, lon: (west + east) / 2 };
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    const [from, to] = [crossings[i] ?? 0, crossings[i + 1] ?? 0];
    if (to - from > best.width) best = { width: to - from, lon: (from + to) / 2 };
  }
  return [best.lon, lat];
}

/** @param {Geometry} geometry @returns {LonLat[][]} */
function polygonRings(geometry) {
  if (geometry.type === "GeometryCollection") return (geometry.geometries ?? []).flatMap(polygonRings);
  if (geometry.type === "Polygon") return geometry.coordinates;
  return geometry.type === "MultiPolygon" ? geometry.coordinates.flat() : [];
}

/** @param {LonLat[]} ring @param {number} lat */
function crossingsOf(ring, lat) {
  return ring.slice(1).flatMap(([lon2, lat2], i) => {
    const [lon1, lat1] = ring[i] ?? [lon2, lat2];
    return lat1 > lat === lat2 > lat ? [] : [lon1 + ((lat - lat1) / (lat2 - lat1)) * (lon2 - lon1)];
  });
}
