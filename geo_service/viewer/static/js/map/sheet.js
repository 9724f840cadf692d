/** The map on paper, A4 or A3: a preview with title, day, filters in words, legend, scale and sources, and one press to print it. */
import { dialog, el, fill } from "../dom.js";
import { day, loadScreenWords, mondayOf, shiftDay, t, word } from "../i18n.js";
import { loadStyle } from "../style.js";
import { countLayers } from "./counts.js";
import { isOn } from "./layer.js";
import { LEGEND } from "./layers/index.js";
import { showScale } from "./scale.js";
import { filtersOf } from "./selection.js";
import { swatch } from "./swatch.js";

/** The map on each paper in mm: its width and height within the margins, less title and legend. */
const PAPERS = /** @type {const} */ ({ "a4-landscape": [277, 138], "a4-portrait": [190, 214], "a3-landscape": [400, 226], "a3-portrait": [277, 338] });
const PX_PER_MM = 96 / 25.4;
/** Sharp on paper. */
const PIXEL_RATIO = 2;

/** @typedef {keyof typeof PAPERS} Paper */
/** @typedef {{state: import("../state.js").State, today: () => string, sources: () => string}} Facts what the sheet says of the map */

/** @param {import("maplibre-gl").Map} map @param {Facts} facts */
export async function openSheet(map, facts) {
  await Promise.all([loadScreenWords("map_tools"), loadStyle(new URL("../../css/map_sheet.css", import.meta.url))]);
  const paper = el("select", { id: "papier" }, ...Object.keys(PAPERS).map((name) => el("option", { value: name }, t(`map_tools.paper.${name}`))));
  const sheet = el("article", { class: "map-sheet" });
  const print = el("button", { class: "btn primary", type: "button", onclick: () => window.print() }, t("map_tools.print"));
  const choice = el("div", { class: "steps" }, el("label", { for: "papier" }, t("map_tools.paper")), paper, print);
  const box = dialog("kaart-afdruk", t("map_tools.print_title"), t("action.close"), choice, sheet);
  const page = new CSSStyleSheet();
  const draw = async () => {
    const name = /** @type {Paper} */ (paper.value);
    print.disabled = paper.disabled = true; // one drawing at a time
    sheet.className = `map-sheet ${name}`;
    const [format, way] = name.split("-");
    page.replaceSync(`@page { size: ${format} ${way}; margin: 10mm }`);
    fill(sheet, el("p", { role: "status" }, t("map.loading")));
    const { picture, counts } = await pictureOf(map, PAPERS[name], facts);
    fill(sheet, head(facts), picture, foot(facts, counts));
    print.disabled = paper.disabled = false;
  };
  paper.addEventListener("change", draw);
  box.addEventListener("close", () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== page);
    box.remove();
  });
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, page];
  document.body.append(box);
  box.showModal();
  await draw();
}

/** The map as large as it is on paper, around the same middle, with its scale; and what lies on it. @param {import("maplibre-gl").Map} map @param {readonly [number, number]} size mm @param {Facts} facts */
async function pictureOf(map, [wide, high], { state, today }) {
  const { style } = map.getContainer();
  const ratio = map.getPixelRatio();
  const scale = el("span", { class: "scale" });
  Object.assign(style, { inset: "auto", width: `${Math.round(wide * PX_PER_MM)}px`, height: `${Math.round(high * PX_PER_MM)}px` });
  map.setPixelRatio(PIXEL_RATIO);
  map.resize();
  await map.once("idle");
  map.redraw();
  const picture = el("img", { src: map.getCanvas().toDataURL(), alt: t("map_tools.print_title") });
  showScale(map, scale);
  scale.style.width = `${(100 * parseFloat(scale.style.width)) / map.getContainer().clientWidth}%`;
  const there = countLayers(map, state.now, today());
  Object.assign(style, { inset: "", width: "", height: "" });
  map.setPixelRatio(ratio);
  map.resize();
  await picture.decode();
  return { picture: el("figure", {}, picture, scale), counts: there };
}

/** @param {Facts} facts */
function head({ state: { now }, today }) {
  return el("header", {}, el("h2", {}, document.querySelector(".bar .name")?.textContent ?? t("app.title")), el("p", {}, [filterWords(now), t("map_tools.printed", { day: day(today()) })].join(" · ")));
}

/** "Proximus · week van ma 3 mei tot en met zo 9 mei". @param {import("../address.js").ViewState} now */
function filterWords(now) {
  const { owner, department } = filtersOf(now);
  const name = owner && (document.querySelector(`#kaart-eigenaar option[value="${CSS.escape(owner)}"]`)?.textContent ?? owner);
  const monday = now.week && mondayOf(now.week);
  const days = monday ? t("period.from_to", { from: day(monday), to: day(shiftDay(monday, 6)) }) : t(`period.${now.period ?? "12w"}`);
  return [name ?? t("map_tools.every_owner"), department ? word("department", department) : t("map_tools.every_department"), days].join(" · ");
}

/** @param {Facts} facts @param {Record<string, number | null>} there how many of each layer */
function foot({ state: { now }, sources }, there) {
  const layers = LEGEND.filter((layer) => isOn(layer, now.layers));
  const row = (/** @type {import("./layer.js").Shape} */ shape, /** @type {string} */ words) => el("li", {}, swatch(shape), el("span", {}, words));
  const rows = layers.flatMap(({ id, legend }) => [row(legend.shape, `${t(legend.name)} (${there[id] ?? t("legend.nearer")})`), ...(legend.variants ?? []).map((one) => row(one.shape, t(one.name)))]);
  return el("footer", {}, el("ul", { class: "legend-rows" }, ...rows), el("p", {}, sources()));
}
