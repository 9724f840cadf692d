/** The map area: everything that floats on it stands at once; the map itself is loaded after the first text. */
import { el, fill, icon } from "../dom.js";
import { day, t } from "../i18n.js";
import { createPeriod } from "./period.js";

/**
 * @param {import("../state.js").State} state
 * @param {import("../status.js").StatusSource} status
 * @param {import("../person.js").Someone} person
 * @param {import("../screens/check/check.js").Check} check
 * @param {import("../opened.js").Opened} opened
 */
export function createMapArea(state, status, person, check, opened) {
  const canvas = el("div", { class: "canvas" });
  const zoomIn = el("button", { class: "btn icon desk-only", type: "button", "aria-label": t("map.zoom_in") }, icon("plus"));
  const zoomOut = el("button", { class: "btn icon desk-only", type: "button", "aria-label": t("map.zoom_out") }, icon("minus"));
  const here = el("button", { class: "btn icon", type: "button", "aria-label": t("map.my_place") }, icon("locate"));
  const pen = el("button", { class: "btn icon", type: "button", "aria-label": t("map.draw"), onclick: () => state.go({ draw: state.now.draw ? null : "area" }) }, icon("pen"));
  const scale = el("span", { class: "scale", "aria-hidden": "true" });
  const sources = el("span");
  const spoken = el("p", { class: "vh", role: "status" });
  const found = el("p", { class: "found float", "aria-live": "polite", hidden: true });
  const loading = el("p", { class: "loading" }, t("map.loading"));
  const when = createPeriod(state);
  const tools = el("div", { class: "view" }, el("div", { class: "zoom float" }, zoomIn, zoomOut, pen, here), when, scale, found);
  const element = el("section", { class: "kaart", "aria-label": t("map.region") }, canvas, loading, el("span", { class: "cross" }), tools, el("p", { class: "sources" }, sources), spoken);

  let started = false;

  /** Fetches the map as soon as a screen shows it. */
  async function start() {
    const now = status.current;
    if (started || !now || !element.offsetParent) return;
    started = true;
    const live = await import("./live.js").catch(() => null);
    if (!live) return notHere();
    try {
      fill(canvas);
      tools.hidden = loading.hidden = false;
      live.startMap({ canvas, loading, tools, when, zoomIn, zoomOut, here, scale, spoken, found }, state, status, person, now, check, opened);
    } catch {
      tools.hidden = loading.hidden = true;
      fill(canvas, el("div", { class: "nomap" }, icon("map"), el("p", {}, t("map.cannot_draw"))));
    }
  }

  /** Its code did not come in: it is asked for again. */
  function notHere() {
    started = false;
    tools.hidden = loading.hidden = true;
    fill(canvas, el("div", { class: "nomap", role: "status" }, icon("map"), el("p", {}, t("map.not_here")), el("button", { class: "btn", type: "button", onclick: start }, t("action.try_again"))));
  }

  status.onChange((now) => {
    if (!now) return;
    const there = now.sources.filter((source) => source.last_success_at);
    fill(sources, t("map.sources", { names: there.map((source) => `${source.label} (${day(/** @type {string} */ (source.last_success_at))})`).join(", ") }));
    start();
  });
  state.onChange((now) => {
    pen.setAttribute("aria-pressed", String(now.draw !== null));
    start();
  });
  return element;
}
