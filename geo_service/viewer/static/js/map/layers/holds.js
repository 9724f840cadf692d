/** Repairs that wait for works, and until when. */
import { day, t, word } from "../../i18n.js";
import { mark } from "../layer.js";
import { token } from "../tokens.js";

/** An hourglass on a ring. @type {import("../layer.js").Shape} */
function hourglass(pen) {
  pen.beginPath();
  pen.arc(8, 8, 7, 0, 2 * Math.PI);
  pen.fillStyle = token("surface");
  pen.fill();
  pen.strokeStyle = token("l-repair");
  pen.lineWidth = 1.6;
  pen.stroke();
  pen.beginPath();
  for (const [x, y] of /** @type {[number, number][]} */ ([[4.8, 4], [11.2, 4], [4.8, 12], [11.2, 12]])) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = token("l-repair");
  pen.fill();
}

/** @satisfies {import("../layer.js").Layer} */
export const holds = {
  id: "wacht",
  source: "holds",
  ofRepairs: true,
  tiles: "registers",
  shapes: { hold: hourglass },
  legend: { name: "layer.hold", shape: hourglass, on: false, from: 0, days: ["since", "until"] },
  style: (layer) => [{ ...mark(layer, "shape-hold"), maxzoom: 24 }],
  pick: {
    kind: "repair",
    row: (repair) => ({ shape: hourglass, title: word("category", repair.category), line: repair.until ? t("layer.held_until", { day: day(repair.until) }) : t("layer.hold") }),
  },
};
