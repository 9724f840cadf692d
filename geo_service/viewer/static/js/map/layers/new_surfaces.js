/** Footpaths that were laid lately, and that nobody may open yet. */
import { ALL, line } from "../layer.js";
import { token } from "../tokens.js";

/** @type {import("../layer.js").Shape} */
function doubleEdge(pen) {
  pen.strokeStyle = token("l-new");
  pen.lineWidth = 1.4;
  pen.strokeRect(1.2, 1.2, 13.6, 13.6);
  pen.strokeRect(4.4, 4.4, 7.2, 7.2);
}

/** @satisfies {import("../layer.js").Layer} */
export const newSurfaces = {
  id: "nieuw",
  source: "new_surfaces",
  legend: { name: "claim.investment", shape: doubleEdge, on: false, from: 14 },
  style: (layer) => [line(layer, "edge", ALL, { "line-color": token("l-new"), "line-width": 1.4, "line-gap-width": 2.5 })],
};
