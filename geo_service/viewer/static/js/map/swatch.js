/** Shapes and patterns as pictures. The legend, the lists and the map use the same drawings. */
import { el } from "../dom.js";
import { PATTERNS, SIZE } from "./pen.js";

/** @typedef {import("./pen.js").Pen} Pen */
/** @typedef {import("./pen.js").Shape} Shape */

/** Device pixels per CSS pixel in every drawing. */
export const SCALE = 2;

/** A drawing for the page; the word beside it says the same. @param {Shape} shape */
export function swatch(shape) {
  const canvas = el("canvas", { class: "swatch", "aria-hidden": "true", width: SIZE * SCALE, height: SIZE * SCALE });
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.scale(SCALE, SCALE);
    shape(pen);
  }
  return canvas;
}

/** The pixels of a shape for the map. @param {Shape} shape */
export function shapeImage(shape) {
  return pixels(SIZE, shape);
}

/** The pixels of a seamless pattern tile for the map. @param {import("./pen.js").Pattern} pattern */
export function patternImage(pattern) {
  return pixels(PATTERNS[pattern].side, PATTERNS[pattern].draw);
}

/** @param {number} side CSS pixels @param {(pen: Pen) => void} draw */
function pixels(side, draw) {
  const canvas = new OffscreenCanvas(side * SCALE, side * SCALE);
  const pen = /** @type {Pen} */ (/** @type {unknown} */ (canvas.getContext("2d", { willReadFrequently: true })));
  pen.scale(SCALE, SCALE);
  draw(pen);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
