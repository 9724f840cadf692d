/** Links between parts of one screen; on a phone one row to push aside, in which the link of where somebody is stands in sight. */
import { fill } from "./dom.js";

/** A row has no width until its screen is shown. */
const widths = new ResizeObserver((rows) => rows.forEach(({ target }) => showHere(target)));

/** @param {HTMLElement} row @param {...import("./dom.js").Child} links */
export function fillTabs(row, ...links) {
  const at = row.scrollLeft;
  fill(row, ...links);
  row.scrollLeft = at;
  showHere(row);
  widths.observe(row);
}

/** @param {Element} row */
function showHere(row) {
  const here = row.querySelector("[aria-current]");
  if (!here) return;
  const [box, own] = [row.getBoundingClientRect(), here.getBoundingClientRect()];
  if (own.left < box.left || own.right > box.right) row.scrollLeft += own.left - box.left - (box.width - own.width) / 2;
}
