/** Links between the parts of a screen; on a phone one row that scrolls to the current link. */
import { refill } from "./refill.js";

/** A row has no width until its screen is shown. */
const widths = new ResizeObserver((rows) => rows.forEach(({ target }) => showHere(target)));

/** @param {HTMLElement} row @param {...import("./dom.js").Child} links */
export function fillTabs(row, ...links) {
  const at = row.scrollLeft;
  const before = hereIn(row)?.getAttribute("href");
  refill(row, ...links);
  row.scrollLeft = at;
  if (hereIn(row)?.getAttribute("href") !== before) showHere(row); // else it stays where somebody pushed it
  widths.observe(row);
}

/** @param {Element} row */
const hereIn = (row) => row.querySelector("[aria-current]");

/** @param {Element} row */
function showHere(row) {
  const here = hereIn(row);
  if (!here) return;
  const [box, own] = [row.getBoundingClientRect(), here.getBoundingClientRect()];
  if (own.left < box.left || own.right > box.right) row.scrollLeft += own.left - box.left - (box.width - own.width) / 2;
}
