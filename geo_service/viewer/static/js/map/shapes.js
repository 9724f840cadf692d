/**
 * Shapes and patterns, each drawn once on a canvas. The legend, the lists and the map use these same drawings:
 * square = works, disc = repair, diamond = conflict, hexagon = opportunity, house = building.
 */
import { el } from "../dom.js";
import { token } from "./tokens.js";

/** @typedef {keyof typeof SHAPES} Shape */
/** @typedef {keyof typeof PATTERNS} Pattern */
/** @typedef {CanvasRenderingContext2D} Pen */

/** Device pixels per CSS pixel in every drawing. */
export const SCALE = 2;
export const SIZE = 16;

/** Side of a pattern tile in CSS pixels, and how it is drawn. */
export const PATTERNS = {
  hatch: { side: 6, draw: (/** @type {Pen} */ pen) => diagonals(pen, 6, token("l-works-weak"), token("l-works"), 1.2) },
  dense: { side: 4, draw: (/** @type {Pen} */ pen) => diagonals(pen, 4, token("l-works-deep"), token("l-works"), 1.5) },
  lines: { side: 5, draw: (/** @type {Pen} */ pen) => horizontals(pen, 5, token("surface"), token("l-occup")) },
  cross: { side: 6, draw: (/** @type {Pen} */ pen) => crossed(pen, 6, token("l-conflict-weak"), token("l-conflict")) },
};

/** @type {Record<"hatch" | "dense" | "lines" | "cross", (pen: Pen, side: number) => void>} */
const FILLS = { hatch: tile("hatch"), dense: tile("dense"), lines: tile("lines"), cross: tile("cross") };

/** Each shape draws itself in a square of SIZE CSS pixels. */
export const SHAPES = {
  works: (/** @type {Pen} */ pen) => square(pen, "hatch", token("l-works"), 1.5),
  works_in_progress: (/** @type {Pen} */ pen) => square(pen, "dense", token("l-works"), 2.4),
  works_indicative: (/** @type {Pen} */ pen) => square(pen, null, token("l-works"), 1.5, [3, 2]),
  occupancy: (/** @type {Pen} */ pen) => square(pen, "lines", token("l-occup"), 1.5),
  repair: (/** @type {Pen} */ pen) => disc(pen, token("l-repair"), true),
  repair_held: (/** @type {Pen} */ pen) => disc(pen, token("l-repair"), false),
  conflict: (/** @type {Pen} */ pen) => corners(pen, token("l-conflict"), [[8, 0.5], [15.5, 8], [8, 15.5], [0.5, 8]]),
  chance: (/** @type {Pen} */ pen) => corners(pen, token("l-chance"), [[4, 1.2], [12, 1.2], [15.6, 8], [12, 14.8], [4, 14.8], [0.4, 8]]),
  guarantee: (/** @type {Pen} */ pen) => dotted(pen),
  new_surface: (/** @type {Pen} */ pen) => doubled(pen),
  house: (/** @type {Pen} */ pen) => corners(pen, token("ink"), [[8, 1], [15, 7], [15, 15], [1, 15], [1, 7]]),
  section: (/** @type {Pen} */ pen) => square(pen, null, token("ink"), 2),
  spot: (/** @type {Pen} */ pen) => disc(pen, token("ink"), false),
};

/** A drawing for the page; the word beside it says the same. @param {Shape} shape */
export function swatch(shape) {
  const canvas = el("canvas", { class: "swatch", "aria-hidden": "true", width: SIZE * SCALE, height: SIZE * SCALE });
  const pen = canvas.getContext("2d");
  if (pen) {
    pen.scale(SCALE, SCALE);
    SHAPES[shape](pen);
  }
  return canvas;
}

/** The pixels of a shape for the map. @param {Shape} shape */
export function shapeImage(shape) {
  return pixels(SIZE, SHAPES[shape]);
}

/** The pixels of a seamless pattern tile for the map. @param {Pattern} pattern */
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

/** @param {Pattern} name */
function tile(name) {
  return (/** @type {Pen} */ pen, /** @type {number} */ side) => {
    const step = PATTERNS[name].side;
    for (let x = 0; x < side; x += step) {
      for (let y = 0; y < side; y += step) {
        pen.save();
        pen.translate(x, y);
        PATTERNS[name].draw(pen);
        pen.restore();
      }
    }
  };
}

/** @param {Pen} pen @param {number} side @param {string} ground @param {string} ink @param {number} width */
function diagonals(pen, side, ground, ink, width) {
  paper(pen, side, ground);
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  for (const shift of [-side, 0, side]) line(pen, shift - 1, side + 1, shift + side + 1, -1);
}

/** @param {Pen} pen @param {number} side @param {string} ground @param {string} ink */
function horizontals(pen, side, ground, ink) {
  paper(pen, side, ground);
  pen.fillStyle = ink;
  pen.fillRect(0, 1, side, 1);
}

/** @param {Pen} pen @param {number} side @param {string} ground @param {string} ink */
function crossed(pen, side, ground, ink) {
  diagonals(pen, side, ground, ink, 1.1);
  for (const shift of [-side, 0, side]) line(pen, shift - 1, -1, shift + side + 1, side + 1);
}

/** @param {Pen} pen @param {number} side @param {string} ground */
function paper(pen, side, ground) {
  pen.beginPath();
  pen.rect(0, 0, side, side);
  pen.clip();
  pen.fillStyle = ground;
  pen.fillRect(0, 0, side, side);
}

/** @param {Pen} pen @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function line(pen, x1, y1, x2, y2) {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

/** @param {Pen} pen @param {Pattern | null} pattern @param {string} edge @param {number} width @param {number[]} [dash] */
function square(pen, pattern, edge, width, dash = []) {
  pen.save();
  pen.beginPath();
  pen.rect(1, 1, SIZE - 2, SIZE - 2);
  pen.clip();
  if (pattern) FILLS[pattern](pen, SIZE);
  else paper(pen, SIZE, token("surface"));
  pen.restore();
  pen.setLineDash(dash);
  pen.strokeStyle = edge;
  pen.lineWidth = width;
  pen.strokeRect(1 + width / 2, 1 + width / 2, SIZE - 2 - width, SIZE - 2 - width);
}

/** @param {Pen} pen @param {string} ink @param {boolean} filled */
function disc(pen, ink, filled) {
  pen.beginPath();
  pen.arc(8, 8, filled ? 7 : 5.8, 0, 2 * Math.PI);
  pen.fillStyle = filled ? ink : token("surface");
  pen.fill();
  pen.strokeStyle = filled ? token("surface") : ink;
  pen.lineWidth = filled ? 1 : 2.6;
  pen.stroke();
}

/** @param {Pen} pen @param {string} ink @param {[number, number][]} points */
function corners(pen, ink, points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = ink;
  pen.fill();
}

/** @param {Pen} pen */
function dotted(pen) {
  pen.lineCap = "round";
  pen.setLineDash([0.1, 4]);
  pen.strokeStyle = token("l-guarantee");
  pen.lineWidth = 2.2;
  pen.strokeRect(2, 2, 12, 12);
}

/** @param {Pen} pen */
function doubled(pen) {
  pen.strokeStyle = token("l-new");
  pen.lineWidth = 1.4;
  pen.strokeRect(1.2, 1.2, 13.6, 13.6);
  pen.strokeRect(4.4, 4.4, 7.2, 7.2);
}
