/** Views of a list: a name for filters, order and columns. Those of a person stand in the preferences of the account, those of a department in the service. */
import { change, get, post, send } from "../api.js";
import { el, fill } from "../dom.js";
import { DEPARTMENTS } from "../departments.js";
import { loadScreenWords, t, word } from "../i18n.js";
import { address } from "../address.js";
import { may } from "../person.js";
import { loadStyle } from "../style.js";
import { preferenceOf } from "./columns.js";

/** @typedef {{name: string, search: string}} Own */
/** @typedef {import("openapi").DepartmentView} Shared */
/** @typedef {Shared["screen"]} Screen */

/** By screen: the name in the preferences. @type {Record<Screen, string>} */
const PREFERENCES = { cases: "case_views", repairs: "repair_views", overview: "overview_views", map: "map_views" };
/** Lists of *Afstemming* with columns of their own. */
const REGISTERS = ["requests", "claims", "protected", "works"];
const MOST = 20;
/** What departments share, as it was last read. @type {Shared[]} */
let shared = [];
let isRead = false;
/** What stands in a place. @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();

/**
 * @param {HTMLElement} place
 * @param {Screen} screen
 * @param {import("../state.js").State} state
 * @param {import("../person.js").Someone} person
 * @param {readonly (keyof import("../address.js").ViewState)[]} parts of the address that make a view
 */
export async function fillViews(place, screen, state, person, parts) {
  const me = person.current;
  if (!me?.user_id) {
    drawn.delete(place);
    return fill(place);
  }
  await Promise.all([loadScreenWords("lists"), loadStyle(new URL("../../css/lists.css", import.meta.url)), isRead || readShared()]);
  const mayShare = may(me.role, "share views");
  const preference = me.preferences[PREFERENCES[screen]];
  const own = /** @type {Own[]} */ (Array.isArray(preference) ? preference : []);
  const ofDepartments = shared.filter((one) => one.screen === screen);
  const here = searchOf(screen, state.now, parts, columnsOf(screen, state.now, me.preferences));
  const plain = searchOf(screen, state.now, parts, state.now.columns);
  const problem = el("span", { class: "small", role: "alert" });
  const again = () => fillViews(place, screen, state, person, parts);
  const content = JSON.stringify([own, ofDepartments, here, plain, me.role]);
  if (content === drawn.get(place)) return; // a name that is typed stays
  drawn.set(place, content);
  const isKept = here === "" || (own.some((one) => one.search === here) && !mayShare);
  fill(
    place,
    own.length > 0 && el("ul", { class: "kept-views", "aria-label": t("lists.views") }, ...own.map((one) => line(one, one.name, () => save(own.filter((other) => other !== one))))),
    ofDepartments.length > 0 && el("ul", { class: "kept-views", "aria-label": t("lists.views_of_departments") }, ...ofDepartments.map((one) => line(one, `${one.name} (${word("department", one.department)})`, mayShare && (() => act(() => send("DELETE", `/views/${one.id}`)))))),
    !isKept && own.length < MOST && keepForm(),
    problem,
  );

  /** @param {Own} one @param {string} words @param {false | (() => unknown)} drop */
  function line(one, words, drop) {
    const link = el("a", { href: pathOf(screen, one.search), "aria-current": [here, plain].includes(one.search) ? "page" : undefined }, words);
    return el("li", {}, link, drop && el("button", { class: "link", type: "button", "aria-label": t("lists.forget_view", { name: one.name }), onclick: drop }, "×"));
  }

  function keepForm() {
    const name = el("input", { type: "text", maxlength: "60", "aria-label": t("lists.view_name"), placeholder: t("lists.view_name") });
    const whom = el("select", { "aria-label": t("lists.view_of") }, el("option", { value: "" }, t("lists.mine")), ...DEPARTMENTS.map((code) => el("option", { value: code }, word("department", code))));
    const keep = (/** @type {Event} */ event) => {
      event.preventDefault();
      const label = name.value.trim();
      if (!label) return name.focus();
      if (whom.value) return act(() => post("/views", { department: whom.value, screen, name: label, search: here }));
      return save([...own.filter((one) => one.name !== label), { name: label, search: here }]);
    };
    return el("form", { class: "keep-view", onsubmit: keep }, name, mayShare && whom, el("button", { class: "btn", type: "submit" }, t("lists.keep_view")));
  }

  /** @param {Own[]} next */
  function save(next) {
    return act(async () => {
      await change("/me", { preferences: { [PREFERENCES[screen]]: next } }, "", "PATCH");
      await person.load();
    });
  }

  /** @param {() => Promise<unknown>} step */
  async function act(step) {
    problem.textContent = "";
    try {
      await step();
      await readShared();
      await again();
    } catch (error) {
      problem.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/** A list works without the views of others. */
async function readShared() {
  isRead = true;
  shared = (await get("/views").catch(() => ({ items: shared }))).items;
}

/** @param {Screen} screen @param {string} search */
const pathOf = (screen, search) => `${address({ ...NOTHING, screen }).split("?")[0]}?${search}`;

/** @type {import("../address.js").Patch} */
const NOTHING = { repair: null, ruleId: null, part: null };

/** @typedef {import("../address.js").ViewState} ViewState */

/** The parts of the address that make the view. @param {Screen} screen @param {ViewState} now @param {readonly (keyof ViewState)[]} parts @param {string | null} columns */
function searchOf(screen, now, parts, columns) {
  const nothing = Object.fromEntries(Object.keys(now).map((name) => [name, null]));
  const own = Object.fromEntries(parts.map((name) => [name, name === "columns" ? columns : now[name]]));
  return address({ ...nothing, ...own, screen }).split("?")[1] ?? "";
}

/** The columns that a list shows, so that who opens the view has the same; null for the usual ones. @param {Screen} screen @param {ViewState} now @param {Record<string, unknown>} preferences @returns {string | null} */
export function columnsOf(screen, { columns, list }, preferences) {
  if (columns || screen === "map") return columns;
  const isNamed = screen === "overview" || REGISTERS.includes(list ?? "");
  const chosen = preferences[preferenceOf((isNamed ? list : screen) ?? "")];
  return Array.isArray(chosen) ? chosen.join(",") : null;
}
