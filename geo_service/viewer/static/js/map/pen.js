/** What the shapes of layers are drawn with: squares, discs, corners and patterns. */
import { token } from "./tokens.js";

/** @typedef {CanvasRenderingContext2D} Pen */
/** Draws itself in a square of SIZE CSS pixels. @typedef {(pen: Pen) => void} Shape */
/** @typedef {keyof typeof PATTERNS} Pattern */

/** Side of a shape in CSS pixels. */
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
export function square(pen, pattern, edge, width, dash = []) {
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
export function disc(pen, ink, filled) {
  pen.beginPath();
  pen.arc(8, 8, filled ? 7 : 5.8, 0, 2 * Math.PI);
  pen.fillStyle = filled ? ink : token("surface");
  pen.fill();
  pen.strokeStyle = filled ? token("surface") : ink;
  pen.lineWidth = filled ? 1 : 2.6;
  pen.stroke();
}

/** @param {Pen} pen @param {string} ink @param {[number, number][]} points */
export function corners(pen, ink, points) {
  pen.beginPath();
  for (const [x, y] of points) pen.lineTo(x, y);
  pen.closePath();
  pen.fillStyle = ink;
  pen.fill();
}
