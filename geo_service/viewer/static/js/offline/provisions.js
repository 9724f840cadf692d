/** What a crew takes along: its list, the repairs of the day in full, and the map around them. The worker keeps what passes. */
import { get } from "../api.js";
import { bounds } from "../geometry.js";
import { currentLanguage } from "../i18n.js";
import { inGroups } from "../screens/repairs/groups.js";

/** @typedef {import("openapi").WorklistItem} Item */

const EVERY_MS = 600_000;
/** @type {readonly import("../screens/repairs/groups.js").GroupName[]} */
const OF_THE_DAY = ["changed", "today", "late"];
const MOST_REPAIRS = 40;
const ZOOMS = [14, 15, 16, 17, 18];
const MOST_TILES = 400;
/** Half a phone's map, in tiles of 512 px. */
const REACH = 0.6;

/** @type {Map<string, string>} content of the list row when the repair was taken along, by its id */
const taken = new Map();
/** @type {Set<string>} */
const tiles = new Set();
let isStarted = false;

/** @param {import("../status.js").StatusSource} status */
export function startProvisions(status) {
  if (isStarted) return;
  isStarted = true;
  const look = () => !document.hidden && navigator.serviceWorker?.controller && takeAlong(status).catch(() => undefined); // no network: next time
  navigator.serviceWorker?.addEventListener("controllerchange", look);
  setInterval(look, EVERY_MS);
  look();
}

/** @param {import("../status.js").StatusSource} status */
async function takeAlong(status) {
  await get("/me");
  await status.load();
  /** @type {import("openapi").Worklist} */
  const { items, on } = await get("/worklist?limit=1000");
  const groups = inGroups(items, on);
  const day = OF_THE_DAY.flatMap((name) => groups.get(name) ?? []).slice(0, MOST_REPAIRS);
  for (const item of day) await takeRepair(item);
  const around = [...new Set(day.flatMap(({ repair }) => tilesAround(repair.geometry)))].filter((tile) => !tiles.has(tile));
  for (const tile of around.slice(0, Math.max(0, MOST_TILES - tiles.size))) await takeTile(tile);
}

/** @param {Item} item */
async function takeRepair(item) {
  const content = JSON.stringify(item);
  const { id, number } = item.repair;
  if (taken.get(id) === content) return;
  await Promise.all([get(`/repairs?q=${number}`), get(`/repairs/${id}`), get(`/repairs/${id}/advice`)]);
  taken.set(id, content);
}

/** @param {string} tile */
async function takeTile(tile) {
  // as the map asks, so that the answer is the same
  const response = await fetch(tile, { credentials: "same-origin", headers: { "Accept-Language": currentLanguage() } });
  if (response.ok) tiles.add(tile);
}

/** The tiles on a phone's map of a place (Web Mercator). @param {import("openapi").Geometry} geometry @returns {string[]} */
function tilesAround(geometry) {
  const [west, south, east, north] = bounds(geometry);
  const [lon, lat] = [(west + east) / 2, ((south + north) / 2) * (Math.PI / 180)];
  return ZOOMS.flatMap((zoom) => {
    const side = 2 ** zoom;
    const [x, y] = [((lon + 180) / 360) * side, ((1 - Math.asinh(Math.tan(lat)) / Math.PI) / 2) * side];
    return range(x).flatMap((column) => range(y).map((row) => `${location.origin}/ogc/tiles/WebMercatorQuad/${zoom}/${column}/${row}.mvt`));
  });
}

/** @param {number} middle */
const range = (middle) => [...new Set([Math.floor(middle - REACH), Math.floor(middle), Math.floor(middle + REACH)])];
