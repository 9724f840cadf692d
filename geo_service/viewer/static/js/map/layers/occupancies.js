/** Works that only take up room. */
import { ALL, STRIP, fill, line, mark, not, yes } from "../layer.js";
import { square } from "../pen.js";
import { worksRow } from "../rows.js";
import { token } from "../tokens.js";
import { worksLabel } from "../works_label.js";

/** @type {import("../layer.js").Shape} */
const occupancy = (pen) => square(pen, "lines", token("l-occup"), 1.5);

/** @satisfies {import("../layer.js").Layer} */
export const occupancies = {
  id: "inname",
  source: "works",
  where: not(yes("opens_surface")),
  shapes: { occupancy },
  legend: { name: "claim.occupancy", shape: occupancy, on: true, from: 0, dated: true },
  style: (layer) => [
    fill(layer, "fill", ALL, { "fill-pattern": "pattern-lines" }),
    line(layer, "edge", ALL, { "line-color": token("l-occup"), "line-width": STRIP }),
    mark(layer, "shape-occupancy"),
  ],
  labels: (layer) => [worksLabel(layer)],
  pick: { kind: "works", row: (works) => worksRow(works, occupancy) },
};
