/** The optional background: images of a service that the settings name (`api/background.py`), under everything. Nothing waits for it. */
import { addProtocol } from "maplibre-gl";
import { el } from "../dom.js";
import { loadScreenWords, t } from "../i18n.js";
import { imagesOf } from "./background_images.js";
import { parts } from "./layer.js";
import { buildings } from "./layers/buildings.js";
import { ground } from "./layers/ground.js";
import { pavements } from "./layers/pavements.js";

const ID = "background";
const MAX_IMAGE_ZOOM = 19;
/** How much of a photo one sees through streets and houses. */
const THROUGH = 0.35;
const OVER_IT = [ground, pavements, buildings].flatMap(parts).filter(({ type }) => type === "fill");

/**
 * The switch of the background, for the legend.
 * @param {import("maplibre-gl").Map} map
 * @param {import("../state.js").State} state
 * @param {HTMLMetaElement} images their address, and whose they are
 */
export async function loadBackground(map, state, images) {
  await loadScreenWords("map_tools");
  if (!map.getLayer(OVER_IT[0]?.id ?? "")) await map.once("style.load");
  const box = el("input", { type: "checkbox", onchange: () => state.go({ background: box.checked ? "on" : null }) });
  const note = el("span", { class: "count", role: "status" });
  const credit = el("span", {}, `${images.dataset.credit} · `);
  const service = imagesOf(images.content, (answers) => {
    note.textContent = answers ? "" : t("map_tools.background.silent");
  });
  addProtocol(ID, ({ url }, { signal }) => service.load(url, signal));
  state.onChange((now, before) => {
    const on = now.background === "on";
    box.checked = on;
    if (on === (before?.background === "on")) return;
    note.textContent = "";
    service.wake();
    if (on) add(map, credit);
    else remove(map, credit);
  });
  return el("label", {}, box, el("span"), el("span", {}, t("map_tools.background")), note);
}

/** @param {import("maplibre-gl").Map} map @param {HTMLElement} credit whose the images are */
function add(map, credit) {
  map.getContainer().parentElement?.querySelector(".sources")?.prepend(credit);
  const { bounds } = /** @type {import("maplibre-gl").VectorTileSource} */ (map.getSource("city"));
  map.addSource(ID, { type: "raster", tiles: [`${ID}://{z}/{x}/{y}`], tileSize: 256, maxzoom: MAX_IMAGE_ZOOM, bounds });
  map.addLayer({ id: ID, type: "raster", source: ID }, OVER_IT[0]?.id);
  for (const { id } of OVER_IT) map.setPaintProperty(id, "fill-opacity", THROUGH);
}

/** @param {import("maplibre-gl").Map} map @param {HTMLElement} credit */
function remove(map, credit) {
  credit.remove();
  map.removeLayer(ID);
  map.removeSource(ID);
  for (const { id, paint } of OVER_IT) map.setPaintProperty(id, "fill-opacity", /** @type {any} */ (paint)?.["fill-opacity"]);
}
