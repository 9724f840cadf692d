/** Works that could go together: a hexagon. */
import { byStreet, nearBy } from "../by_street.js";
import { ALL, line, mark, yes } from "../layer.js";
import { corners } from "../pen.js";
import { conflictRow, conflictText } from "../rows.js";
import { token } from "../tokens.js";

/** @type {import("../layer.js").Shape} */
const chance = (pen) => corners(pen, token("l-chance"), [[4, 1.2], [12, 1.2], [15.6, 8], [12, 14.8], [4, 14.8], [0.4, 8]]);

/** @satisfies {import("../layer.js").Layer} */
export const opportunities = {
  id: "kans",
  source: "conflicts",
  where: yes("opportunity"),
  shapes: { chance },
  legend: { name: "layer.chance", shape: chance, on: true, from: 0 },
  style: (layer) => [
    nearBy(line(layer, "edge", ALL, { "line-color": token("l-chance"), "line-width": 2, "line-dasharray": [1, 1.5] })),
    nearBy({ ...mark(layer, "shape-chance"), maxzoom: 24 }),
    byStreet(layer, "shape-chance", true),
  ],
  pick: { kind: "conflict", row: (conflict) => conflictRow(conflict, chance) },
  marker: { look: "mk chance", shape: chance, text: conflictText },
};
