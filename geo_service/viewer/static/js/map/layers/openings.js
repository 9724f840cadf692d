/** Works that open the surface, drawn by how certain they are; umbrella works and what is done cover nothing. */
import { STRIP, equal, fill, line, mark, not, yes } from "../layer.js";
import { square } from "../pen.js";
import { worksRow } from "../rows.js";
import { token } from "../tokens.js";
import { worksLabel } from "../works_label.js";

const IS_IN_PROGRESS = equal("certainty", "in_progress");
const IS_INDICATIVE = equal("certainty", "indicative");
const IS_DONE = equal("certainty", "done");
const IS_UMBRELLA = yes("umbrella");
const IS_FIRM = not(/** @type {any} */ (["any", IS_INDICATIVE, IS_DONE, IS_UMBRELLA]));

/** @satisfies {Record<string, import("../layer.js").Shape>} */
const shapes = {
  works: (pen) => square(pen, "hatch", token("l-works"), 1.5),
  works_in_progress: (pen) => square(pen, "dense", token("l-works"), 2.4),
  works_indicative: (pen) => square(pen, null, token("l-works"), 1.5, [3, 2]),
  works_umbrella: (pen) => square(pen, null, token("l-works"), 1.5, [6, 2, 1.5, 2]),
  works_done: (pen) => square(pen, null, token("l-works"), 1.5),
};

/** @satisfies {import("../layer.js").Layer} */
export const openings = {
  id: "open",
  source: "works",
  where: yes("opens_surface"),
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
      { name: "legend.umbrella", shape: shapes.works_umbrella },
      { name: "legend.done", shape: shapes.works_done },
    ],
  },
  style(layer) {
    const color = token("l-works");
    return [
      fill(layer, "planned", IS_FIRM, { "fill-pattern": ["case", IS_IN_PROGRESS, "pattern-dense", "pattern-hatch"] }),
      fill(layer, "indicative", IS_INDICATIVE, { "fill-color": token("surface"), "fill-opacity": 0.55 }),
      line(layer, "planned-edge", not(/** @type {any} */ (["any", IS_INDICATIVE, IS_UMBRELLA])), { "line-color": color, "line-width": STRIP }),
      line(layer, "indicative-edge", /** @type {any} */ (["all", IS_INDICATIVE, not(IS_UMBRELLA)]), { "line-color": color, "line-width": STRIP, "line-dasharray": [3, 2] }),
      line(layer, "umbrella-edge", IS_UMBRELLA, { "line-color": color, "line-width": STRIP, "line-dasharray": [5, 2, 1, 2] }),
      mark(layer, ["case", IS_UMBRELLA, "shape-works_umbrella", IS_DONE, "shape-works_done", IS_IN_PROGRESS, "shape-works_in_progress", IS_INDICATIVE, "shape-works_indicative", "shape-works"]),
    ];
  },
  labels: (layer) => [worksLabel(layer)],
  pick: { kind: "works", row: (works) => worksRow(works, shapeOf(works)) },
};

/** @param {any} works */
function shapeOf(works) {
  if (works.umbrella) return shapes.works_umbrella;
  if (works.certainty === "done") return shapes.works_done;
  if (works.certainty === "in_progress") return shapes.works_in_progress;
  return works.certainty === "indicative" ? shapes.works_indicative : shapes.works;
}
