/** The one way to make elements: text always lands as text, never as markup. */
import { ICONS } from "./icons.js";

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. Attributes: `class`, `on*` listeners, booleans as presence, everything else as text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...nodes(children));
  return node;
}

/**
 * Replaces the children of a node.
 * @param {Element} node
 * @param {...Child} children
 */
export function fill(node, ...children) {
  node.replaceChildren(...nodes(children));
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function nodes(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * A line icon; decoration only, the word stands beside it.
 * @param {keyof typeof ICONS} name
 * @param {string} [size] `s` for 16 px
 */
export function icon(name, size = "") {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", `ic ${size}`.trim());
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A dialog with a title and a close button; opens with `showModal()`.
 * @param {string} id
 * @param {string} title
 * @param {string} closeLabel
 * @param {...Child} children
 */
export function dialog(id, title, closeLabel, ...children) {
  const box = el("dialog", { id, "aria-labelledby": `${id}-title` });
  const close = el("button", { class: "btn", type: "button", onclick: () => box.close() }, closeLabel);
  box.append(el("header", {}, el("h2", { id: `${id}-title` }, title), close), ...nodes(children));
  return box;
}
