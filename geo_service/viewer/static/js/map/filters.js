/** Whose things the map shows: one owner, one department. Both stand in the address. Below them: the map on paper. */
import { get } from "../api.js";
import { el, fill } from "../dom.js";
import { DEPARTMENTS } from "../departments.js";
import { loadScreenWords, t, word } from "../i18n.js";
import { loadStyle } from "../style.js";
import { filtersOf } from "./selection.js";

/** @param {import("../state.js").State} state @param {() => void} onPaper */
export async function loadFilters(state, onPaper) {
  const [{ items }] = await Promise.all([get("/organisations"), loadScreenWords("map_tools"), loadStyle(new URL("../../css/map_tools.css", import.meta.url))]);
  const groups = new Map(items.map((/** @type {any} */ one) => [one.owner_group, one.owner_group_name]));
  const owner = choice("kaart-eigenaar", t("map_tools.every_owner"), [...groups], (value) => state.go({ owner: value }));
  const department = choice("kaart-dienst", t("map_tools.every_department"), DEPARTMENTS.map((code) => [code, word("department", code)]), (value) => state.go({ department: value }));
  const all = el("button", { class: "link", type: "button", onclick: () => state.go({ owner: null, department: null }) }, t("map_tools.no_filter"));
  const element = el("div", { class: "narrow" }, label("list.owner", owner), label("cases.department", department), all, el("button", { class: "link", type: "button", onclick: onPaper }, t("map_tools.on_paper")));
  state.onChange((now) => {
    const chosen = filtersOf(now);
    owner.value = chosen.owner ?? "";
    department.value = chosen.department ?? "";
    element.hidden = now.screen !== "map";
    all.hidden = !chosen.owner && !chosen.department;
    if (chosen.owner && !groups.has(chosen.owner)) state.swap({ owner: null }); // an address can be typed
  });
  return element;
}

/** @param {string} id @param {string} every @param {string[][]} options @param {(value: string | null) => void} onChoose */
function choice(id, every, options, onChoose) {
  const select = el("select", { id, onchange: () => onChoose(select.value || null) });
  fill(select, el("option", { value: "" }, every), ...options.map(([value, name]) => el("option", { value }, name)));
  return select;
}

/** @param {string} key @param {HTMLSelectElement} select */
const label = (key, select) => el("div", {}, el("label", { for: select.id }, t(key)), select);
