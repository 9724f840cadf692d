/** The panel beside the map shows one view at a time; the address says which. */
import { el } from "../../dom.js";

/** @typedef {{element: HTMLElement, wants: (now: import("../../address.js").ViewState) => boolean}} View */

/**
 * @param {import("../../state.js").State} state
 * @param {View[]} views the first is shown when no other wants to be
 */
export function createPanel(state, views) {
  const panel = el("section", { class: "panel", "aria-labelledby": "paneel-titel" }, ...views.map((view) => view.element));
  state.onChange((now, before) => {
    const shown = views.slice(1).find((view) => view.wants(now)) ?? views[0];
    for (const view of views) view.element.hidden = view !== shown;
    for (const title of panel.querySelectorAll("h1")) title.removeAttribute("id");
    const title = shown?.element.querySelector("h1");
    title?.setAttribute("id", "paneel-titel");
    const opened = before !== null && (before.selection !== now.selection || before.list !== now.list);
    if (opened) {
      panel.scrollTop = 0;
      title?.focus();
    }
  });
  return panel;
}
