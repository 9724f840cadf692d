/** Search: street and number, GIPOD number, section code, building name, or coordinates. */
import { get, isSuperseded } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { period, t, word } from "./i18n.js";
import { pointInside } from "./geometry.js";
import { address } from "./state.js";
import { sourceId } from "./facts.js";
import { swatch } from "./map/shapes.js";
import { placeName, streetAddress } from "./place.js";

/** @typedef {{shape: import("./map/shapes.js").Shape, text: string, small: string, patch: import("./state.js").Patch}} Hit */

const DEBOUNCE_MS = 250;
const PER_KIND = 5;
/** Flanders: no latitude is below 10, no longitude above 10. Maps of others copy the latitude first. */
const FIRST_LATITUDE = 10;
const COORDINATES = /^\s*(\d{1,2}[.]\d+)\s*[,; ]\s*(\d{1,2}[.]\d+)\s*$/;

/** @param {import("./state.js").State} state */
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
    const patch = { toets: `${lon},${lat}`, kant: null, kies: null, lijst: null, c: null, z: null };
    return [{ shape: "spot", text: t("search.check_here"), small: t("search.lon_lat", { lon, lat }), patch }];
  }
  const query = `q=${encodeURIComponent(text.replace(/^gipod\s*/i, ""))}&limit=${PER_KIND}`;
  const [works, buildings, sections] = await Promise.all([
    get(`/works?${query}`, signal),
    get(`/buildings?${query}`, signal),
    get(`/pavements?code=${encodeURIComponent(text)}&limit=${PER_KIND}`, signal),
  ]);
  return [...works.items.map(worksHit), ...buildings.items.map(buildingHit), ...sections.items.map(sectionHit)];
}

/** @param {import("./types.js").Section} section @returns {Hit} */
function sectionHit(section) {
  const patch = { toets: section.code, kant: null, kies: null, lijst: null, c: null, z: null };
  return { shape: "section", text: placeName(section), small: `${word("pavement", section.kind)} · ${section.code}`, patch };
}

/** @param {any} works @returns {Hit} */
function worksHit(works) {
  const small = [sourceId(works.source, works.source_id), period(works.phases?.[0]?.starts_on, works.phases?.at(-1)?.ends_on)].filter(Boolean).join(" · ");
  return { shape: "works", text: works.title || works.owner, small, patch: { kies: `werk:${works.id}`, lijst: null } };
}

/** @param {any} building @returns {Hit} */
function buildingHit(building) {
  const where = streetAddress(building);
  const at = building.geometry ? pointInside(building.geometry) : null;
  const toets = at && { toets: at.map((degrees) => degrees.toFixed(6)).join(","), kant: null, kies: null, lijst: null, c: null, z: null };
  return { shape: "house", text: where || building.name, small: building.name || word("building", building.function), patch: toets ?? { kies: `gebouw:${building.id}` } };
}
