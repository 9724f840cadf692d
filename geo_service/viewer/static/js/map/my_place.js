/** "My place" on the map. */
import { t } from "../i18n.js";
import { TESTED_ZOOM } from "./layer.js";

/** A position vaguer than this many metres could be another street. */
const VAGUE_M = 25;
/** Without these a phone gives a coarse place, and one without a fix never answers. */
const GPS = { enableHighAccuracy: true, timeout: 15_000 };

/**
 * My place is only a start: GPS can't tell the side of the street, so the side stays a choice.
 * @param {import("maplibre-gl").Map} map
 * @param {ReturnType<typeof import("./markers.js").createMarkers> | null} markers
 * @param {HTMLElement} found what became of it, in sight beside the map
 * @param {import("../state.js").State} state
 * @param {import("../screens/check/check.js").Check} check
 */
export function locate(map, markers, found, state, check) {
  const say = (/** @type {string} */ words) => {
    found.textContent = words;
    found.hidden = !words;
  };
  const refused = () => say(t("map.no_place"));
  if (!navigator.geolocation) return refused();
  say(t("map.looking"));
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    if (coords.accuracy > VAGUE_M) return say(t("map.too_vague", { metres: Math.round(coords.accuracy) }));
    say("");
    map.jumpTo({ center: [coords.longitude, coords.latitude], zoom: TESTED_ZOOM });
    markers?.showMe([coords.longitude, coords.latitude]);
    state.go({ screen: "map", case: null, place: `${coords.longitude.toFixed(6)},${coords.latitude.toFixed(6)}`, side: null, selection: null });
    check.showNote(t("map.near_you", { metres: Math.max(1, Math.round(coords.accuracy)) }));
  }, refused, GPS);
}
