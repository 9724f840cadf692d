/** Looks for buildings by name, street or house number, and for works by number or title. */
import { get } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

const MOST_HITS = 10;

/** @param {{name?: string | null, street?: string | null, house_number?: string | null}} building */
export const buildingName = ({ name, street, house_number: number }) => name || [street, number].filter(Boolean).join(" ");

/** @typedef {(found: [id: string, words: string][]) => void} Offer is called with what was found */

/** A field and a button. @param {Offer} offer */
export const createBuildingSearch = (offer) => createSearch("buildings", (one) => buildingName(one) || one.id, "admin.subs.find_building", "admin.subs.no_building", offer);

/** The same for works. @param {Offer} offer */
export const createWorksSearch = (offer) => createSearch("works", (one) => [one.source_id, one.title].filter(Boolean).join(" · "), "overview.project.find_works", "overview.project.no_works", offer);

/** @param {"buildings" | "works"} things @param {(one: any) => string} nameOf @param {string} label @param {string} nothing key of what it says where none is found @param {Offer} offer */
function createSearch(things, nameOf, label, nothing, offer) {
  const words = el("input", { type: "search", autocomplete: "off", "aria-label": t(label), placeholder: t(label), onkeydown: begin });
  const find = el("button", { class: "btn", type: "button", "aria-label": t(label), onclick: search }, t("admin.subs.find"));
  const note = el("span", { class: "small", role: "status" });

  /** Enter looks, and does not send the form. @param {KeyboardEvent} event */
  function begin(event) {
    if (event.key !== "Enter") return;
    event.preventDefault();
    search();
  }

  async function search() {
    fill(note);
    try {
      const { items } = await get(`/${things}?${new URLSearchParams({ q: words.value.trim(), limit: String(MOST_HITS) })}`);
      offer(items.map((/** @type {any} */ one) => [one.id, nameOf(one)]));
      if (items.length === 0) fill(note, t(nothing));
    } catch (error) {
      fill(note, /** @type {Error} */ (error).message);
    }
  }

  return el("div", { class: "steps full" }, words, find, note);
}
