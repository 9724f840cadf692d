/** The label of works on the map: whose, what and when, on the days that their source states, the last one included. */
import { locale } from "../i18n.js";
import { get } from "./layer.js";
import { token } from "./tokens.js";

/** "Proximus · Glasvezel" above "9 nov – 20 nov"; beside the works, not on them. @param {import("./layer.js").Layer} layer @returns {import("./layer.js").StyleLayer} */
export function worksLabel(layer) {
  const months = Array.from({ length: 12 }, (_, month) => new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" }).format(Date.UTC(2026, month, 15)).replace(".", ""));
  const days = ["case", ["all", ["has", "starts_on"], ["has", "last_day"]], ["concat", "\n", dayOf("starts_on", months), " – ", dayOf("last_day", months)], ""];
  const title = ["case", ["has", "title"], ["concat", " · ", get("title")], ""];
  return {
    id: `${layer.id}-label`, type: "symbol", source: "city", "source-layer": layer.source, filter: layer.where ?? true, minzoom: 16,
    layout: {
      "text-field": /** @type {any} */ (["concat", get("owner"), title, days]), "text-font": ["Plex Medium"], "text-size": 11.5, "text-max-width": 16, "text-padding": 18,
      "text-variable-anchor": ["top", "bottom", "right", "left"], "text-radial-offset": 1.1, "text-justify": "auto",
    },
    paint: { "text-color": token("l-works"), "text-halo-color": token("surface"), "text-halo-width": 1.8 },
  };
}

/** "9 nov" of a property that is a day, with the year when it is not this one, as MapLibre computes it. @param {string} name @param {string[]} months */
export function dayOf(name, months) {
  const part = (/** @type {number} */ from, /** @type {number} */ to) => ["to-number", ["slice", get(name), from, to]];
  const year = ["case", ["==", part(0, 4), new Date().getFullYear()], "", ["concat", " ", ["slice", get(name), 0, 4]]];
  return ["concat", ["to-string", part(8, 10)], " ", ["at", ["-", part(5, 7), 1], ["literal", months]], year];
}
