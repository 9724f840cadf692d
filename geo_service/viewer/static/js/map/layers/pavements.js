/** Footpaths and carriageways. A click on a section checks it. */
import { equal, not } from "../layer.js";
import { disc, square } from "../pen.js";
import { token } from "../tokens.js";

/** @typedef {import("../layer.js").StyleLayer} StyleLayer */

const IS_ROAD = equal("kind", "carriageway");

/** @satisfies {import("../layer.js").Layer} */
export const pavements = {
  id: "pavements",
  source: "pavements",
  shapes: {
    section: (pen) => square(pen, null, token("ink"), 2),
    spot: (pen) => disc(pen, token("ink"), false),
  },
  style: () => [
    area("paths", not(IS_ROAD), "m-path"),
    { ...edge("cuts", not(IS_ROAD), "m-cut"), minzoom: 18 },
    area("roads", IS_ROAD, "m-road"),
    { ...edge("kerbs", IS_ROAD, "m-kerb"), minzoom: 15 },
  ],
};

/** @param {string} id @param {any} filter @param {string} color @returns {StyleLayer} */
const area = (id, filter, color) => ({ id, type: "fill", source: "city", "source-layer": "pavements", filter, paint: { "fill-color": token(color) } });

/** @param {string} id @param {any} filter @param {string} color @returns {StyleLayer} */
const edge = (id, filter, color) => ({ id, type: "line", source: "city", "source-layer": "pavements", filter, paint: { "line-color": token(color), "line-width": 1 } });
