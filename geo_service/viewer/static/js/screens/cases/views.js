/** Views of the list that a person keeps: a name and an address, in the preferences of the account. */
import { change } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";
import { address } from "../../address.js";

/** @typedef {{name: string, search: string}} Saved */

const NAME = "case_views";
const MOST = 20;

/**
 * @param {HTMLElement} place
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {readonly (keyof import("../../address.js").ViewState)[]} parts of the address that make a view
 */
export function fillViews(place, state, person, parts) {
  const me = person.current;
  if (!me?.user_id) return fill(place);
  const views = /** @type {Saved[]} */ (Array.isArray(me.preferences[NAME]) ? me.preferences[NAME] : []);
  const here = searchOf(state, parts);
  const isKept = here === "" || views.some((one) => one.search === here);
  const problem = el("span", { class: "small", role: "alert" });
  const name = el("input", { type: "text", maxlength: "60", "aria-label": t("desk.view_name"), placeholder: t("desk.view_name") });
  const keep = el("form", { class: "keep-view", onsubmit: add }, name, el("button", { class: "btn", type: "submit" }, t("desk.keep_view")));
  const links = views.map((one) => el("li", {}, el("a", { href: `/afstemming?${one.search}`, "aria-current": one.search === here ? "page" : undefined }, one.name), el("button", { class: "link", type: "button", "aria-label": t("desk.forget_view", { name: one.name }), onclick: () => save(views.filter((other) => other !== one)) }, "×")));
  fill(place, links.length > 0 && el("ul", { class: "kept-views", "aria-label": t("desk.views") }, ...links), !isKept && views.length < MOST && keep, problem);

  /** @param {Event} event */
  function add(event) {
    event.preventDefault();
    const given = name.value.trim();
    if (given) save([...views.filter((one) => one.name !== given), { name: given, search: here }]);
    else name.focus();
  }

  /** @param {Saved[]} next */
  async function save(next) {
    try {
      await change("/me", { preferences: { [NAME]: next } }, "", "PATCH");
      await person.load();
      fillViews(place, state, person, parts);
    } catch (error) {
      problem.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/** The parts of the address that make the view. @param {import("../../state.js").State} state @param {readonly (keyof import("../../address.js").ViewState)[]} parts */
function searchOf({ now }, parts) {
  const nothing = Object.fromEntries(Object.keys(now).map((name) => [name, null]));
  const own = Object.fromEntries(parts.map((name) => [name, now[name]]));
  return address({ ...nothing, ...own, screen: "cases" }).split("?")[1] ?? "";
}
