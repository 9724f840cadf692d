/** Ground that somebody laid anew, and that nobody may open for some years: new footpaths of the city, and what utilities closed. */
import { day, t } from "../../i18n.js";
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
export const protections = {
  id: "sper",
  source: "protections",
  tiles: "registers",
  legend: { name: "layer.protection", shape: doubleEdge, on: false, from: 14, dated: true, days: ["laid_on", "until"] },
  style: (layer) => [line(layer, "edge", ALL, { "line-color": token("l-new"), "line-width": 1.4, "line-gap-width": 2.5 })],
  pick: {
    kind: "repair",
    selection: ({ kind, record_id: id }) => /** @type {const} */ (`${kind === "works" ? "works" : "repair"}:${id}`),
    row: (ground) => ({ shape: doubleEdge, title: t("layer.protection_of", { owner: ground.owner }), line: t("layer.protected_until", { day: day(ground.until) }) }),
  },
};
