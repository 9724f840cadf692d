/** The panel beside the map shows one view at a time; the address says which. The title of the page names what that view is about. */
import { el } from "../../dom.js";
import { t } from "../../i18n.js";

/**
 * @typedef {object} View
 * @property {HTMLElement} element where it says that its subject changed, by a `subject` event (see `announceSubject`)
 * @property {(now: import("../../address.js").ViewState) => boolean} wants
 * @property {() => string} subject the place, record or list that it shows; empty when there is none
 */

/** What opens another view. @type {readonly (keyof import("../../address.js").ViewState)[]} */
const OPENS = ["screen", "selection", "case", "list"];

/** Says that the subject of a view changed. @param {HTMLElement} element of the view */
export const announceSubject = (element) => element.dispatchEvent(new Event("subject", { bubbles: true }));

/**
 * @param {import("../../state.js").State} state
 * @param {View[]} views the first is in view when no other wants to be
 */
export function createPanel(state, views) {
  const panel = el("section", { class: "panel", "aria-labelledby": "paneel-titel" }, ...views.map((view) => view.element));
  const viewFor = (/** @type {import("../../address.js").ViewState} */ now) => views.slice(1).find((view) => view.wants(now)) ?? views[0];
  const namePage = () => {
    document.title = [viewFor(state.now)?.subject(), t("app.title")].filter(Boolean).join(" · ");
  };
  panel.addEventListener("subject", namePage);
  state.onChange((now, before) => {
    const current = viewFor(now);
    for (const view of views) view.element.hidden = view !== current;
    for (const title of panel.querySelectorAll("h1")) title.removeAttribute("id");
    const title = current?.element.querySelector("h1");
    title?.setAttribute("id", "paneel-titel");
    const opened = before !== null && OPENS.some((part) => before[part] !== now[part]);
    if (opened) {
      panel.scrollTop = 0;
      title?.focus();
    }
    namePage();
  });
  return panel;
}
