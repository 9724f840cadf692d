/** Repair requests: a filled disc, an open one while the request waits for works. */
import { word } from "../../i18n.js";
import { ALL, fill, line, mark, yes } from "../layer.js";
import { disc } from "../pen.js";
import { token } from "../tokens.js";

/** @satisfies {Record<string, import("../layer.js").Shape>} */
const shapes = {
  repair: (pen) => disc(pen, token("l-repair"), true),
  repair_held: (pen) => disc(pen, token("l-repair"), false),
};

/** The shape of one request. @param {{held?: boolean}} repair */
export const repairShape = (repair) => (repair.held ? shapes.repair_held : shapes.repair);

/** @satisfies {import("../layer.js").Layer} */
export const repairs = {
  id: "herst",
  source: "repairs",
  ofRepairs: true,
  shapes,
  legend: { name: "layer.repair", shape: shapes.repair, on: true, from: 0, variants: [{ name: "legend.held", shape: shapes.repair_held }] },
  style: (layer) => [
    fill(layer, "fill", ALL, { "fill-color": token("l-repair"), "fill-opacity": 0.13 }),
    line(layer, "edge", ALL, { "line-color": token("l-repair"), "line-width": 2.4 }),
    { ...mark(layer, ["case", yes("held"), "shape-repair_held", "shape-repair"]), maxzoom: 24 },
  ],
  pick: {
    kind: "repair",
    row: (repair) => ({
      shape: repairShape(repair),
      title: word("category", repair.category),
      line: [word("repair_status", repair.status), word("urgency", repair.urgency)].filter(Boolean).join(" · "),
    }),
  },
};
