/** Works that open the surface, drawn by how certain they are. */
import { STRIP, equal, fill, get, line, mark, not, yes } from "../layer.js";
import { square } from "../pen.js";
import { worksRow } from "../rows.js";
import { token } from "../tokens.js";
import { worksLabel } from "../works_label.js";

export const IS_LIVE = /** @type {any} */ (["!", ["in", get("certainty"), ["literal", ["done", "cancelled"]]]]);
const IS_IN_PROGRESS = equal("certainty", "in_progress");
const IS_INDICATIVE = equal("certainty", "indicative");

/** @satisfies {Record<string, import("../layer.js").Shape>} */
const shapes = {
  works: (pen) => square(pen, "hatch", token("l-works"), 1.5),
  works_in_progress: (pen) => square(pen, "dense", token("l-works"), 2.4),
  works_indicative: (pen) => square(pen, null, token("l-works"), 1.5, [3, 2]),
};

/** @satisfies {import("../layer.js").Layer} */
export const openings = {
  id: "open",
  source: "works",
  where: ["all", IS_LIVE, yes("opens_surface")],
  shapes,
  legend: {
    name: "claim.opening",
    shape: shapes.works,
    on: true,
    from: 0,
    dated: true,
    variants: [
      { name: "legend.in_progress", shape: shapes.works_in_progress },
      { name: "legend.planned", shape: shapes.works },
      { name: "legend.indicative", shape: shapes.works_indicative },
    ],
  },
  style(layer) {
    const color = token("l-works");
    const firm = not(IS_INDICATIVE);
    return [
      fill(layer, "planned", firm, { "fill-pattern": ["case", IS_IN_PROGRESS, "pattern-dense", "pattern-hatch"] }),
      fill(layer, "indicative", IS_INDICATIVE, { "fill-color": token("surface"), "fill-opacity": 0.55 }),
      line(layer, "planned-edge", firm, { "line-color": color, "line-width": STRIP }),
      line(layer, "indicative-edge", IS_INDICATIVE, { "line-color": color, "line-width": STRIP, "line-dasharray": [3, 2] }),
      mark(layer, ["case", IS_IN_PROGRESS, "shape-works_in_progress", IS_INDICATIVE, "shape-works_indicative", "shape-works"]),
    ];
  },
  labels: (layer) => [worksLabel(layer)],
  pick: { kind: "works", row: (works) => worksRow(works, shapeOf(works)) },
};

/** @param {any} works */
function shapeOf(works) {
  if (works.certainty === "in_progress") return shapes.works_in_progress;
  return works.certainty === "indicative" ? shapes.works_indicative : shapes.works;
}
