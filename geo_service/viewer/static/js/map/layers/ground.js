/** Green, water, parking and rail: all that is not a street or a building. */
import { equal } from "../layer.js";
import { token } from "../tokens.js";

/** @satisfies {import("../layer.js").Layer} */
export const ground = {
  id: "ground",
  source: "ground",
  style: () => [
    { id: "ground", type: "background", paint: { "background-color": token("m-ground") } },
    area("green", "m-green"),
    area("water", "m-water"),
    area("parking", "m-cut"),
    { id: "rail", type: "line", source: "city", "source-layer": "ground", filter: equal("kind", "rail"), paint: { "line-color": token("line-strong"), "line-width": 1.4 } },
  ],
};

/** @param {string} kind @param {string} color @returns {import("../layer.js").StyleLayer} */
const area = (kind, color) => ({ id: kind, type: "fill", source: "city", "source-layer": "ground", filter: equal("kind", kind), paint: { "fill-color": token(color) } });
