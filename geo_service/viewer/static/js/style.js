/** Style sheets of screens that are fetched later. */
import { el } from "./dom.js";

/** @type {Map<string, Promise<void>>} */
const sheets = new Map();

/** Adds a style sheet to the page, once; settles when it is there. @param {URL} address */
export function loadStyle({ href }) {
  const sheet = sheets.get(href) ?? new Promise((loaded, failed) => document.head.append(el("link", { rel: "stylesheet", href, onload: () => loaded(), onerror: failed })));
  sheets.set(href, sheet);
  sheet.catch(() => sheets.delete(href));
  return sheet;
}
