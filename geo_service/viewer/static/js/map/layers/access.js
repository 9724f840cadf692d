/** Buildings that must stay within reach. */
import { ALL, line } from "../layer.js";
import { token } from "../tokens.js";
import { IS_CIVIC, buildings } from "./buildings.js";

/** @satisfies {import("../layer.js").Layer} */
export const access = {
  id: "toeg",
  source: "buildings",
  where: IS_CIVIC,
  legend: { name: "layer.access", shape: buildings.shapes.house, on: true, from: 14 },
  style: (layer) => [line(layer, "edge", ALL, { "line-color": token("ink"), "line-width": 1.6 })],
  pick: buildings.pick,
};
