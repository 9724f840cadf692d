/** The legend, drawn from the list of layers; also the switch for each layer, with how many lie in view. */
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { may } from "../person.js";
import { isOn } from "./layer.js";
import { LEGEND } from "./layers/index.js";
import { square } from "./pen.js";
import { token } from "./tokens.js";
import { swatch } from "./swatch.js";

/** As `map.js` draws it. */
const SELECTED = { name: "legend.selection", shape: (/** @type {import("./pen.js").Pen} */ pen) => square(pen, null, token("ink"), 2.2) };

/** @param {import("../state.js").State} state @param {import("../person.js").Someone} person */
export function createLegend(state, person) {
  const rows = LEGEND.map((layer) => {
    const box = el("input", { type: "checkbox", onchange: () => state.go({ layers: checked() }) });
    const count = el("span", { class: "count" });
    return { layer, box, count, element: el("label", {}, box, swatch(layer.legend.shape), el("span", {}, t(layer.legend.name)), count) };
  });
  const checked = () => rows.filter((row) => row.box.checked).map((row) => row.layer.id).join(",");
  const variants = [...LEGEND.flatMap((layer) => layer.legend.variants ?? []), SELECTED].map((one) => el("li", {}, swatch(one.shape), el("span", {}, t(one.name))));
  const narrow = el("div");
  const element = el("details", { class: "legend float", open: innerWidth > 1220 }, el("summary", {}, t("legend.title")), ...rows.map((row) => row.element), narrow, el("ul", { class: "cert" }, ...variants));
  state.onChange((now) => {
    for (const row of rows) row.box.checked = isOn(row.layer, now.layers);
  });
  person.onChange(({ role }) => {
    for (const row of rows) row.element.hidden = row.layer.ofRepairs === true && !may(role, "read repairs");
  });
  return {
    element,
    narrow,
    /** @param {Record<string, number | null>} counts per layer id; null: the tiles have none at this zoom; none: they are not fetched */
    showCounts(counts) {
      for (const row of rows) {
        const count = counts[row.layer.id];
        row.count.textContent = count === null ? t("legend.nearer") : String(count ?? "");
      }
    },
  };
}
