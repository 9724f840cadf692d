/** The legend, drawn from the same list as the layers; also the switch for each layer, with its count in view. */
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { swatch } from "./shapes.js";
import { CERTAINTY_KEY, THEMES } from "./themes.js";

/** @param {import("../state.js").State} state */
export function createLegend(state) {
  const rows = THEMES.map((theme) => {
    const box = el("input", { type: "checkbox", onchange: () => state.go({ lagen: checked() }) });
    const count = el("span", { class: "count" });
    return { theme, box, count, element: el("label", {}, box, swatch(theme.shape), el("span", {}, t(theme.key)), count) };
  });
  const checked = () => rows.filter((row) => row.box.checked).map((row) => row.theme.id).join(",");
  const key = CERTAINTY_KEY.map((line) => el("li", {}, swatch(line.shape), el("span", {}, t(line.key))));
  const element = el("details", { class: "legend float", open: innerWidth > 1220 }, el("summary", {}, t("legend.title")), ...rows.map((row) => row.element), el("ul", { class: "cert" }, ...key));
  state.onChange((now) => {
    for (const row of rows) row.box.checked = isOn(row.theme, now.lagen);
  });
  return {
    element,
    /** @param {Record<string, number | null>} counts per theme id; null: not drawn at this zoom */
    showCounts(counts) {
      for (const row of rows) {
        const count = counts[row.theme.id] ?? null;
        row.count.textContent = !row.box.checked ? "" : count === null ? t("legend.nearer") : String(count);
      }
    },
  };
}

/** @param {import("./themes.js").Theme} theme @param {string | null} lagen */
export function isOn(theme, lagen) {
  return lagen === null ? theme.on : lagen.split(",").includes(theme.id);
}
