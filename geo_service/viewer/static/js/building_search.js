/** Looks for buildings by name, street or house number. */
import { get } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

const MOST_HITS = 10;

/** @param {{name?: string | null, street?: string | null, house_number?: string | null}} building */
export const buildingName = ({ name, street, house_number: number }) => name || [street, number].filter(Boolean).join(" ");

/** A field and a button. @param {(found: [id: string, words: string][]) => void} offer is called with what was found */
export function createBuildingSearch(offer) {
  const words = el("input", { type: "search", autocomplete: "off", "aria-label": t("admin.subs.find_building"), onkeydown: begin });
  const find = el("button", { class: "btn", type: "button", onclick: search }, t("admin.subs.find"));
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
      const { items } = await get(`/buildings?${new URLSearchParams({ q: words.value.trim(), limit: String(MOST_HITS) })}`);
      offer(items.map((/** @type {any} */ one) => [one.id, buildingName(one) || one.id]));
      if (items.length === 0) fill(note, t("admin.subs.no_building"));
    } catch (error) {
      fill(note, /** @type {Error} */ (error).message);
    }
  }

  return el("div", { class: "steps full" }, words, find, note);
}
