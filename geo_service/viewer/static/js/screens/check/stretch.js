/** "Gentsestraat 30-36": the footpath in front of these houses, as the place to check. */
import { get } from "../../api.js";
import { pointInside } from "../../geometry.js";
import { t } from "../../i18n.js";

/** @typedef {import("openapi").Stretch} Stretch */

/** @param {import("../../address.js").ViewState} now @param {AbortSignal} signal @returns {Promise<import("./ask.js").Place>} */
export async function locate(now, signal) {
  /** @type {Stretch[]} never empty */
  const sides = (await get(`/pavements/stretches?q=${encodeURIComponent(now.place ?? "")}`, signal)).items;
  const section = /** @type {Stretch} */ (sides.find((one) => one.side === now.side) ?? sides[0]);
  return { section, sides, at: pointInside(section.geometry), besideM: null, stretch: section.geometry, note: noteOf(section, sides) };
}

/** What is not as it was asked. @param {Stretch} chosen @param {Stretch[]} sides */
function noteOf({ first, last, number_from, number_to }, sides) {
  const ends = sides.flatMap((one) => [one.number_from, one.number_to]);
  return [
    !ends.includes(first) && t("stretch.from", { asked: first, number: number_from }),
    !ends.includes(last) && t("stretch.to", { asked: last, number: number_to }),
    sides.length > 1 && t("stretch.two_sides"),
  ].filter(Boolean).join(" ");
}
