/** Lists that are laid again while somebody reads them. */
import { fill } from "./dom.js";

/** Lays the content of a place anew; what had the keyboard has it again, when it is there still. @param {HTMLElement} place @param {...import("./dom.js").Child} content */
export function refill(place, ...content) {
  const former = document.activeElement;
  const name = former && former !== place && place.contains(former) ? nameOf(former) : null;
  fill(place, ...content);
  if (name === null) return;
  const again = [...place.querySelectorAll(former?.localName ?? "")].find((one) => nameOf(one) === name);
  if (again instanceof HTMLElement) again.focus();
}

/** What tells a link, a button or a field from the others. @param {Element} one */
function nameOf(one) {
  return one.getAttribute("href") ?? one.getAttribute("aria-label") ?? one.textContent;
}
