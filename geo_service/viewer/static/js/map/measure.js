/** Lengths and areas of what is drawn on the screen, on the WGS 84 ellipsoid around its first point: right to a thousandth within a kilometre. */

/** @typedef {import("../geometry.js").LonLat} LonLat */

/** Metres. @param {LonLat[]} points */
export function lengthOf(points) {
  const flat = inMetres(points);
  return flat.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - (flat[i]?.[0] ?? x), y - (flat[i]?.[1] ?? y)), 0);
}

/** Square metres inside the outline, which closes itself. @param {LonLat[]} points */
export function areaOf(points) {
  const flat = inMetres(points);
  const twice = flat.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = flat[(i + 1) % flat.length] ?? [x, y];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Whether the outline crosses itself. @param {LonLat[]} points */
export function crosses(points) {
  const edges = points.map((point, i) => /** @type {const} */ ([point, points[(i + 1) % points.length] ?? point]));
  return edges.some(([a, b], i) => edges.slice(i + 2).some(([c, d], j) => !(i === 0 && i + 2 + j === edges.length - 1) && cut(a, b, c, d)));
}

/** @param {LonLat} a @param {LonLat} b @param {LonLat} c @param {LonLat} d */
function cut(a, b, c, d) {
  return turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b);
}

/** @param {LonLat} a @param {LonLat} b @param {LonLat} c */
const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** East and north of the first point. @param {LonLat[]} points @returns {[number, number][]} */
function inMetres(points) {
  const [first] = points;
  if (!first) return [];
  const middle = (first[1] * Math.PI) / 180;
  const perLat = 111132.954 - 559.822 * Math.cos(2 * middle) + 1.175 * Math.cos(4 * middle);
  const perLon = 111412.84 * Math.cos(middle) - 93.5 * Math.cos(3 * middle) + 0.118 * Math.cos(5 * middle);
  return points.map(([lon, lat]) => [(lon - first[0]) * perLon, (lat - first[1]) * perLat]);
}
