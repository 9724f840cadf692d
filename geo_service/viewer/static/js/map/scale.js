/** A round length in metres as a bar, right for the latitude in view. */

const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
const WIDEST_PX = 140;
/** Metres per pixel at zoom 0 on the equator, for tiles of 512 px. */
const METRES_AT_0 = 78271.517;

/** @param {import("maplibre-gl").Map} map @param {HTMLElement} bar */
export function showScale(map, bar) {
  const perPixel = (METRES_AT_0 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
  const metres = ROUND.findLast((length) => length / perPixel <= WIDEST_PX) ?? 1;
  bar.style.width = `${Math.round(metres / perPixel)}px`;
  bar.textContent = metres < 1000 ? `${metres}\u00a0m` : `${metres / 1000}\u00a0km`;
}
