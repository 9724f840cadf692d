/** Things on the map as rows of a list: shape, name, one line; each a real link. */
import { el } from "./dom.js";
import { address } from "./state.js";
import { swatch } from "./map/swatch.js";

/** @typedef {import("./map/layer.js").Row & {kies: string}} Hit */

/** @param {Hit[]} hits */
export function hitRows(hits) {
  return el("ul", { class: "rows boxed" }, ...hits.map((hit) => el("li", {}, hitRow(hit))));
}

/** @param {Hit} hit */
function hitRow(hit) {
  return el("a", { class: "row", href: address({ kies: hit.kies, lijst: null }) }, swatch(hit.shape), el("b", {}, hit.title), el("small", {}, hit.line));
}
