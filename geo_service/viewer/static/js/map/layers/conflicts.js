/** Conflicts: a diamond, and the ground where both sides meet. */
import { byStreet, nearBy } from "../by_street.js";
import { ALL, fill, line, mark, not, yes } from "../layer.js";
import { corners, square } from "../pen.js";
import { conflictRow, conflictText } from "../rows.js";
import { token } from "../tokens.js";

/** @type {import("../layer.js").Shape} */
function diamond(pen) {
  corners(pen, token("surface"), [[8, 0], [16, 8], [8, 16], [0, 8]]); // an edge, where it lies on a disc
  corners(pen, token("l-conflict"), [[8, 1.7], [14.3, 8], [8, 14.3], [1.7, 8]]);
}

/** @type {import("../layer.js").Shape} */
const overlap = (pen) => square(pen, "cross", token("l-conflict"), 1.2);

/** @satisfies {import("../layer.js").Layer} */
export const conflicts = {
  id: "conf",
  source: "conflicts",
  where: not(yes("opportunity")),
  shapes: { conflict: diamond },
  legend: { name: "layer.conflict", shape: diamond, on: true, from: 0, variants: [{ name: "legend.overlap", shape: overlap }] },
  style: (layer) => [
    fill(layer, "fill", ALL, { "fill-pattern": "pattern-cross" }),
    nearBy(line(layer, "edge", ALL, { "line-color": token("l-conflict"), "line-width": 1.6 })),
    nearBy(mark(layer, "shape-conflict")),
    byStreet(layer, "shape-conflict", false),
  ],
  pick: { kind: "conflict", row: (conflict) => conflictRow(conflict, diamond) },
  marker: { look: "mk conf", shape: diamond, text: conflictText },
};
