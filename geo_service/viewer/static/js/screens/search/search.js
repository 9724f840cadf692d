/** Search: street and number, GIPOD number, number of a conflict or a repair, section code, building name, or coordinates. */
import { get, isSuperseded } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { period, t, word } from "../../i18n.js";
import { pointInside } from "../../geometry.js";
import { CHECK, address } from "../../address.js";
import { conflictName, sourceId } from "../../facts.js";
import { buildings as buildingLayer } from "../../map/layers/buildings.js";
import { conflicts } from "../../map/layers/conflicts.js";
import { openings } from "../../map/layers/openings.js";
import { opportunities } from "../../map/layers/opportunities.js";
import { pavements } from "../../map/layers/pavements.js";
import { repairShape } from "../../map/layers/repairs.js";
import { swatch } from "../../map/swatch.js";
import { placeName, streetAddress } from "../../place.js";

/** @typedef {{shape: import("../../map/pen.js").Shape, text: string, small: string, patch: import("../../address.js").Patch}} Hit */

const DEBOUNCE_MS = 250;
const PER_KIND = 5;
/** Houses asked for, as only those at hand can be put in order. */
const OF_A_STREET = 100;
/** Our own numbers, of a conflict or of a repair. */
const NUMBER = /^\s*([ch])-?\d{1,15}\s*$/i;
/** Flanders: no latitude is below 10, no longitude above 10. Maps of others copy the latitude first. */
const FIRST_LATITUDE = 10;
const COORDINATES = /^\s*(\d{1,2}[.]\d+)\s*[,; ]\s*(\d{1,2}[.]\d+)\s*$/;

/** @param {import("../../state.js").State} state */
export function createSearch(state) {
  const input = el("input", { type: "search", id: "zoek", autocomplete: "off", placeholder: t("search.placeholder"), "aria-controls": "zoek-hits" });
  const hits = el("div", { class: "hits", id: "zoek-hits", role: "status", hidden: true });
  const form = el("form", { class: "search", role: "search" }, icon("search"), el("label", { class: "vh", for: "zoek" }, t("search.placeholder")), input, el("kbd", { "aria-hidden": "true" }, "/"), hits);
  const opener = el("button", { class: "btn quiet icon phone-only", type: "button", "aria-label": t("search.open") }, icon("search"));
  const element = el("div", { class: "view" }, form, opener);
  let timer = 0;
  let running = new AbortController();

  opener.addEventListener("click", () => {
    form.classList.add("open");
    input.focus();
  });
  const close = () => {
    hits.hidden = true;
    form.classList.remove("open");
  };
  const run = async () => {
    running.abort();
    running = new AbortController();
    const text = input.value.trim();
    if (text.length < 2) return close();
    try {
      show(hits, await find(text, running.signal));
    } catch (error) {
      if (!isSuperseded(error)) show(hits, [], error instanceof Error ? error.message : "");
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(run, DEBOUNCE_MS);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    await run();
    hits.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, input, hits);
  });
  form.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node) || !form.contains(event.relatedTarget)) close();
  });
  state.onChange(close);
  return { element };
}

/** @param {KeyboardEvent} event @param {HTMLElement} input @param {HTMLElement} hits */
function step(event, input, hits) {
  const stops = [input, ...hits.querySelectorAll("a")];
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  next?.focus();
}

/** @param {HTMLElement} box @param {Hit[]} found @param {string} [trouble] */
function show(box, found, trouble) {
  box.hidden = false;
  if (found.length === 0) return fill(box, el("p", {}, trouble || t("search.nothing")));
  fill(box, el("span", { class: "vh" }, t("search.count", { n: found.length })), ...found.map(hitLink));
}

/** @param {Hit} hit */
function hitLink(hit) {
  return el("a", { href: address(hit.patch) }, swatch(hit.shape), el("span", {}, hit.text), el("small", {}, hit.small));
}

/** @param {string} text @param {AbortSignal} signal @returns {Promise<Hit[]>} */
async function find(text, signal) {
  const typed = COORDINATES.exec(text);
  if (typed?.[1] && typed[2]) {
    const [lon, lat] = Number(typed[1]) > FIRST_LATITUDE ? [typed[2], typed[1]] : [typed[1], typed[2]];
    const patch = { ...CHECK, place: `${lon},${lat}` };
    return [{ shape: pavements.shapes.spot, text: t("search.check_here"), small: t("search.lon_lat", { lon, lat }), patch }];
  }
  const ours = NUMBER.exec(text);
  if (ours?.[1]) return (await get(`/${ours[1].toUpperCase() === "C" ? "conflicts" : "repairs"}?q=${ours[0].trim()}`, signal)).items.map(ours[1].toUpperCase() === "C" ? conflictHit : repairHit);
  const query = `q=${encodeURIComponent(text.replace(/^gipod\s*/i, ""))}`;
  const [works, buildings, sections] = await Promise.all([
    get(`/works?${query}&limit=${PER_KIND}`, signal),
    get(`/buildings?${query}&limit=${OF_A_STREET}`, signal),
    get(`/pavements?code=${encodeURIComponent(text)}&limit=${PER_KIND}`, signal),
  ]);
  const found = works.items.map(worksHit);
  const places = [...addressHits(buildings.items, text), ...sections.items.map(sectionHit)];
  // who types digits only means the number of works, who types a street means a place
  return /^(gipod\s*)?\d+$/i.test(text) ? [...found, ...places] : [...places, ...found];
}

/** The street itself where no number was typed, then its houses in the order of their numbers. @param {import("openapi").Building[]} buildings @param {string} text @returns {Hit[]} */
function addressHits(buildings, text) {
  const sorted = [...buildings].sort((a, b) => streetAddress(a).localeCompare(streetAddress(b), undefined, { numeric: true }));
  const streets = /\d/.test(text) ? [] : [...new Set(sorted.flatMap((one) => one.street ?? []))].slice(0, PER_KIND);
  const named = streets.filter((street) => !sorted.some((one) => one.name && one.street === street));
  return [...named.map((street) => streetHit(street, sorted)), ...sorted.slice(0, PER_KIND).map(buildingHit)];
}

/** @param {string} street @param {import("openapi").Building[]} buildings @returns {Hit} */
function streetHit(street, buildings) {
  const there = buildings.filter((one) => one.street === street);
  const middle = there[Math.floor(there.length / 2)];
  const center = middle ? pointInside(middle.geometry).map((degrees) => degrees.toFixed(5)).join(",") : null;
  return { shape: pavements.shapes.section, text: street, small: t("search.street"), patch: { ...CHECK, center, zoom: "17" } };
}

/** @param {import("openapi").Repair} repair @returns {Hit} */
function repairHit(repair) {
  return { shape: repairShape(repair), text: `${repair.number} · ${word("category", repair.category)}`, small: word("repair_status", repair.status), patch: { selection: `repair:${repair.id}`, list: null } };
}

/** @param {import("openapi").Conflict} conflict @returns {Hit} */
function conflictHit(conflict) {
  return { shape: (conflict.opportunity ? opportunities : conflicts).legend.shape, text: `${conflict.number} · ${conflictName(conflict)}`, small: word("severity", conflict.severity), patch: { selection: `conflict:${conflict.id}`, list: null } };
}

/** @param {import("openapi").Pavement} section @returns {Hit} */
function sectionHit(section) {
  const patch = { ...CHECK, place: section.code };
  return { shape: pavements.shapes.section, text: placeName(section), small: `${word("pavement", section.kind)} · ${section.code}`, patch };
}

/** @param {import("openapi").Works} works @returns {Hit} */
function worksHit(works) {
  const small = [sourceId(works.source, works.source_id), period(works.phases?.[0]?.starts_on, works.phases?.at(-1)?.ends_on)].filter(Boolean).join(" · ");
  return { shape: openings.legend.shape, text: works.title || works.owner, small, patch: { selection: `works:${works.id}`, list: null } };
}

/** @param {import("openapi").Building} building @returns {Hit} */
function buildingHit(building) {
  const where = streetAddress(building);
  const at = building.geometry ? pointInside(building.geometry) : null;
  const check = at && { ...CHECK, place: at.map((degrees) => degrees.toFixed(6)).join(",") };
  return { shape: buildingLayer.shapes.house, text: where || (building.name ?? ""), small: building.name || word("building", building.function), patch: check ?? { selection: `building:${building.id}` } };
}
