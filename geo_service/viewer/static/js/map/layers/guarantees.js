/** Trenches that their owner still guarantees. */
import { ALL, line } from "../layer.js";
import { token } from "../tokens.js";

/** @type {import("../layer.js").Shape} */
function dots(pen) {
  pen.lineCap = "round";
  pen.setLineDash([0.1, 4]);
  pen.strokeStyle = token("l-guarantee");
  pen.lineWidth = 2.2;
  pen.strokeRect(2, 2, 12, 12);
}

/** @satisfies {import("../layer.js").Layer} */
export const guarantees = {
  id: "gar",
  source: "guarantees",
  legend: { name: "claim.guarantee", shape: dots, on: true, from: 14 },
  style: (layer) => [line(layer, "edge", ALL, { "line-color": token("l-guarantee"), "line-width": 2.2, "line-dasharray": [0.1, 2] }, { "line-cap": "round" })],
};
