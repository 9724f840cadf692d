/**
 * The panel shows the view that the address names, loaded when first needed. The title of the page names its subject.
 */
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";

/** @typedef {import("../../address.js").ViewState} ViewState */

/**
 * @typedef {object} View
 * @property {HTMLElement} element where it says that its subject changed, by a `subject` event (see `announceSubject`)
 * @property {(now: ViewState) => boolean} wants
 * @property {() => string} subject the place, record or list that it shows; empty when there is none
 * @property {(key: string) => boolean} [press] whether a key did something in it
 */

/** Views that one module makes. @typedef {{wants: (now: ViewState) => boolean, load: () => Promise<View[]>}} Screen */

/** What opens another view. @type {readonly (keyof ViewState)[]} */
const OPENS = ["screen", "selection", "case", "repair", "ruleId", "part", "list"];

/** Says that the subject of a view changed. @param {HTMLElement} element of the view */
export const announceSubject = (element) => element.dispatchEvent(new Event("subject", { bubbles: true }));

/**
 * @param {import("../../state.js").State} state
 * @param {View} first is in view when no screen wants to be
 * @param {Screen[]} screens
 */
export function createPanel(state, first, screens) {
  const waiting = el("div", { class: "view", hidden: true });
  const panel = el("section", { class: "panel", "aria-labelledby": "paneel-titel" }, first.element, waiting);
  /** @type {Map<Screen, View[]>} */
  const loaded = new Map();
  /** @type {Set<Screen>} */
  const loading = new Set();
  let isOpening = false;

  /** The view that the address asks for; null while it is loaded. @returns {View | null} */
  function current() {
    const screen = screens.find((one) => one.wants(state.now));
    if (!screen) return first;
    const views = loaded.get(screen);
    if (views) return views.find((view) => view.wants(state.now)) ?? null;
    if (!loading.has(screen)) load(screen);
    return null;
  }

  /** @param {Screen} screen */
  async function load(screen) {
    loading.add(screen);
    fill(waiting, el("h1", { tabindex: "-1" }, t("panel.loading")));
    try {
      const views = await screen.load();
      loaded.set(screen, views);
      panel.append(...views.map((view) => view.element));
      show();
    } catch {
      const again = el("button", { class: "btn primary", type: "button", onclick: () => show() }, t("action.try_again"));
      fill(waiting, el("h1", { tabindex: "-1" }, t("panel.error")), el("div", { class: "problem", role: "alert" }, el("p", {}, t("error.network")), again));
    } finally {
      loading.delete(screen);
    }
  }

  function show() {
    const view = current();
    for (const one of all()) one.element.hidden = one !== view;
    waiting.hidden = view !== null;
    for (const title of panel.querySelectorAll("h1")) title.removeAttribute("id");
    const title = (view?.element ?? waiting).querySelector("h1");
    title?.setAttribute("id", "paneel-titel");
    namePage();
    if (!isOpening || !view) return;
    isOpening = false;
    panel.scrollTop = 0;
    title?.focus();
  }

  function namePage() {
    const view = all().find((one) => !one.element.hidden);
    document.title = [view?.subject(), t("app.title")].filter(Boolean).join(" · ");
  }

  const all = () => [first, ...[...loaded.values()].flat()];
  panel.addEventListener("subject", namePage);
  state.onChange((now, before) => {
    isOpening ||= before !== null && OPENS.some((part) => before[part] !== now[part]);
    show();
  });
  return {
    element: panel,
    /** @param {string} key @returns {boolean} whether it did something in the view that is open */
    press: (key) => all().some((view) => !view.element.hidden && view.press?.(key)),
  };
}
