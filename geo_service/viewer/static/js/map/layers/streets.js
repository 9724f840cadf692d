/** Streets: a line from afar, a name near by. */
import { get } from "../layer.js";
import { token } from "../tokens.js";

/** @satisfies {import("../layer.js").Layer} */
export const streets = {
  id: "streets",
  source: "streets",
  style: () => [
    { id: "streets-far", type: "line", source: "city", "source-layer": "streets", maxzoom: 15, paint: { "line-color": token("m-kerb"), "line-width": ["interpolate", ["linear"], ["zoom"], 11, 0.6, 15, 3] } },
  ],
  labels: () => [
    {
      id: "street-names", type: "symbol", source: "city", "source-layer": "streets", minzoom: 14.5,
      layout: { "symbol-placement": "line", "text-field": get("name"), "text-font": ["Plex Medium"], "text-size": 12.5, "text-letter-spacing": 0.06, "symbol-spacing": 320 },
      paint: { "text-color": token("m-text"), "text-halo-color": token("m-road"), "text-halo-width": 1.6 },
    },
  ],
};
