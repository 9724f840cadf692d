/** Style sheets of screens that are fetched later. */
import { el } from "./dom.js";

/** Adds a style sheet to the page, once it is there. @param {URL} address @returns {Promise<void>} */
export function loadStyle(address) {
  return new Promise((loaded, failed) => document.head.append(el("link", { rel: "stylesheet", href: address.href, onload: () => loaded(), onerror: failed })));
}
