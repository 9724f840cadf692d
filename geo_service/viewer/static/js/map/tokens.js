/** Colours of the map, read from the same CSS tokens as the rest of the page. */

/** @param {string} name without the dashes: "l-works" */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
