/** What all parts of the page share: the state in the address, who listens to it, and the ways to change it. */
import { address, isScreen, keepView, read } from "./address.js";

/** @typedef {import("./address.js").ViewState} ViewState */
/** @typedef {import("./address.js").Patch} Patch */
/** @typedef {ReturnType<typeof startState>} State */

const REPLACE_AFTER_MS = 300;

export function startState() {
  /** @type {((now: ViewState, before: ViewState | null) => void)[]} */
  const listeners = [];
  let now = read();
  let timer = 0;
  let started = false;

  /** @param {ViewState | null} before */
  function tell(before) {
    for (const listener of listeners) listener(now, before);
  }

  function moved() {
    const before = now;
    now = read();
    tell(before);
  }

  addEventListener("popstate", moved);
  addEventListener("click", (event) => followInside(event, (url) => {
    history.pushState(null, "", url);
    moved();
  }));

  return {
    get now() {
      return now;
    },
    /** Called on start (at once when that is over) and after every change. @param {(now: ViewState, before: ViewState | null) => void} listener */
    onChange(listener) {
      listeners.push(listener);
      if (started) listener(now, null);
    },
    start() {
      started = true;
      tell(null);
    },
    /** A step people want to go back from. @param {Patch} patch */
    go(patch) {
      history.pushState(null, "", address(patch));
      moved();
    },
    /** One of many steps that follow each other: shows it, and keeps one history entry. @param {Patch} patch */
    swap(patch) {
      history.replaceState(null, "", address(patch));
      moved();
    },
    /** Panning, zooming, typing: keeps one history entry. @param {Patch} patch */
    replace(patch) {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        history.replaceState(null, "", address(patch));
        now = read();
      }, REPLACE_AFTER_MS);
    },
  };
}

/**
 * Plain clicks on links within this page change the state without a reload; new tabs stay possible.
 * @param {MouseEvent} event
 * @param {(url: string) => void} follow
 */
function followInside(event, follow) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
  if (!link || modified || event.defaultPrevented || link.target) return;
  if (link.origin !== location.origin || !isScreen(link.pathname) || link.hash) return;
  event.preventDefault();
  follow(keepView(new URL(link.href)));
}
