/** Where most is at stake: five cases by money, on a sketch of where they lie and in a list. */
import { el } from "../../dom.js";
import { fileButton } from "../../lists/file.js";
import { day, money, number, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { placeName } from "../../place.js";

/** @typedef {import("openapi").Case} Case */

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 320;
const HEIGHT = 150;
const EDGE = 30;

const placeOf = (/** @type {Case} */ one) => (one.place ? placeName({ code: "", ...one.place }) : (one.streets[0] ?? t("overview.no_street")));
const rulesOf = (/** @type {Case} */ one) => one.rules.map((rule) => word("rule", rule)).join(", ");

/** Of the file. @type {import("../../lists/columns.js").Column<Case>[]} */
const COLUMNS = [
  { name: "place", head: "lists.place", value: placeOf },
  { name: "amount", head: "lists.amount", value: (one) => one.eur },
  { name: "rules", head: "lists.rule", value: rulesOf },
  { name: "owners", head: "overview.owner.owner", value: (one) => one.owners.join(", ") },
  { name: "day", head: "lists.last_day", value: (one) => one.due_on ?? one.decide_by },
];

/** @param {Case[]} items */
export function hotSpots(items) {
  const rank = new Map(items.map((one, i) => [one, i + 1]));
  const title = el("h2", {}, t("overview.hot_spots"));
  if (items.length === 0) return [title, el("p", { class: "small" }, t("overview.no_hot_spots"))];
  const rows = items.map((one, i) => el("li", {}, el("span", { class: "rank" }, number(i + 1, 0)), el("a", { href: address({ screen: "cases", case: one.id, list: null, from: null, weeks: null, group: null, week: null }) }, placeOf(one)), el("b", {}, money(one.eur)), el("small", {}, [rulesOf(one), one.owners.join(" × "), t("overview.before", { day: day(one.due_on ?? one.decide_by) })].filter(Boolean).join(" · "))));
  return [title, sketch(items), el("ol", { class: "hot-spots" }, ...rows), fileButton("hot", () => [{ name: "rank", head: "lists.rank", value: (one) => rank.get(one) }, ...COLUMNS], () => items).element];
}

/** Where they lie to each other; the area of a halo is its money. The list beside it says the same. @param {Case[]} items */
function sketch(items) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "sketch", "aria-hidden": "true" });
  const [lons, lats] = [items.map((one) => one.lon), items.map((one) => one.lat)];
  const wide = Math.cos(((lats[0] ?? 0) * Math.PI) / 180);
  const size = Math.max((Math.max(...lons) - Math.min(...lons)) * wide * (HEIGHT / WIDTH), Math.max(...lats) - Math.min(...lats), 1e-6);
  const scale = (HEIGHT - 2 * EDGE) / size;
  const most = Math.max(...items.map((one) => one.eur), 1);
  const middle = [(Math.max(...lons) + Math.min(...lons)) / 2, (Math.max(...lats) + Math.min(...lats)) / 2];
  items.forEach((one, i) => {
    const x = WIDTH / 2 + (one.lon - (middle[0] ?? 0)) * wide * scale;
    const y = HEIGHT / 2 - (one.lat - (middle[1] ?? 0)) * scale;
    const label = shape("text", { x, y: y + 4, "text-anchor": "middle" });
    label.textContent = String(i + 1);
    svg.append(shape("circle", { cx: x, cy: y, r: 26 * Math.sqrt(one.eur / most), class: "halo" }), shape("path", { d: `M${x} ${y - 11}l11 11-11 11-11-11Z` }), label);
  });
  return svg;
}

/** @param {string} name @param {Record<string, unknown>} attributes */
function shape(name, attributes) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}
