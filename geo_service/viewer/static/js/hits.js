/** Things on the map as rows of a list: shape, name, one line; each a real link. */
import { el } from "./dom.js";
import { address } from "./address.js";
import { swatch } from "./map/swatch.js";

/** @typedef {import("./map/layer.js").Row & {selection: import("./address.js").Selection}} Hit */

/** @param {Hit[]} hits */
export function hitRows(hits) {
  return el("ul", { class: "rows boxed" }, ...hits.map((hit) => el("li", {}, hitRow(hit))));
}

/** @param {Hit} hit */
function hitRow(hit) {
  return el("a", { class: "row", href: address({ selection: hit.selection, list: null }) }, swatch(hit.shape), el("b", {}, hit.title), el("small", {}, hit.line));
}
