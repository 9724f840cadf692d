/** Works whose owner is asked to take repairs along, and the answer. */
import { day, t, word } from "../../i18n.js";
import { STRIP, line, mark, not, equal } from "../layer.js";
import { corners } from "../pen.js";
import { token } from "../tokens.js";

/** A speech bubble. @type {import("../layer.js").Shape} */
const bubble = (pen) => corners(pen, token("l-chance"), [[1, 2], [15, 2], [15, 11], [8.5, 11], [5, 15], [5, 11], [1, 11]]);

/** @satisfies {import("../layer.js").Layer} */
export const requests = {
  id: "vraag",
  source: "requests",
  tiles: "registers",
  where: not(equal("state", "withdrawn")),
  shapes: { request: bubble },
  legend: { name: "layer.request", shape: bubble, on: false, from: 0, dated: true },
  style: (layer) => [
    line(layer, "edge", true, { "line-color": token("l-chance"), "line-width": STRIP, "line-dasharray": [2, 1.5] }),
    { ...mark(layer, "shape-request"), maxzoom: 24 },
  ],
  pick: {
    kind: "works",
    selection: ({ works_id: works }) => `works:${works}`,
    row: (request) => ({ shape: bubble, title: t("layer.request_to", { owner: request.owner, number: request.number }), line: [word("request_state", request.state), request.state === "asked" && t("layer.answer_by", { day: day(request.due_on) })].filter(Boolean).join(" · ") }),
  },
};
