/** Lists beside the cases: what utilities are asked, what is claimed from them, ground that is protected, and a partner's own works. */
import { el, fill } from "../../dom.js";
import { notReread } from "../../follow.js";
import { day, money, number, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { groupName, loadGroups } from "../../groups.js";
import { pagesOf } from "../../lists/pages.js";
import { listTable } from "../../lists/table.js";
import { createTools } from "../../lists/tools.js";
import { refill } from "../../refill.js";
import { loadStyle } from "../../style.js";
import { claimPaper } from "./claim.js";
import { requestPaper } from "./requests.js";

/** @typedef {import("../../dom.js").Child} Child */
/** What of the address says which list it is. @typedef {Pick<import("../../address.js").ViewState, "list" | "owner" | "from">} Asked */
/** `again` reads the list once more. @typedef {(page: any, role: string, again: () => unknown) => Child[]} Look */

const LIMIT = 500;
/** Before everything that a register holds. */
const EVER = "1900-01-01";
/** `look`: of papers; without, it is a table. `isWhole`: it is put in an order here, which takes all of it. `isDated`: what is over is left out at first. @type {Record<string, {path: string, empty: string, look?: Look, isWhole?: boolean, isDated?: boolean}>} */
const REGISTERS = {
  requests: { path: "/requests", empty: "desk.no_requests", look: requestsLook, isWhole: true },
  claims: { path: "/claim-files", empty: "desk.no_claims", look: claimsLook },
  protected: { path: "/protections", empty: "desk.no_protections", isDated: true },
  works: { path: "/works", empty: "desk.no_works", isDated: true },
};
/** What stands in a place. @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();
const WAITING = ["no_answer", "asked"];

/**
 * @param {HTMLElement} place @param {Asked} asked @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person
 * @param {string} today @param {boolean} [isOwnAct] what is typed was sent
 */
export async function fillRegister(place, { list, owner, from }, state, person, today, isOwnAct = false) {
  const register = REGISTERS[list ?? ""];
  if (!register) return;
  const again = () => fillRegister(place, { list, owner, from }, state, person, today, true);
  const name = `${list} ${owner ?? ""} ${from ?? ""}`;
  const isNew = place.dataset.list !== name;
  if (isNew) {
    fill(place, el("p", { role: "status" }, t("list.loading")));
    place.dataset.pages = "1";
    drawn.delete(place);
  }
  place.dataset.list = name;
  try {
    const path = `${register.path}?${new URLSearchParams({ limit: String(LIMIT), ...(owner && { owner }), ...(register.isDated && { from: from ?? today }) })}`;
    const [page] = await Promise.all([pagesOf(path, register.isWhole ? Infinity : Number(place.dataset.pages)), ...["evidence", "lists"].map((sheet) => loadStyle(new URL(`../../../css/${sheet}.css`, import.meta.url))), owner && loadGroups()]);
    const role = person.current?.role ?? "";
    const body = await bodyOf(list ?? "", path, page, role, again, state, person);
    if (place.dataset.list !== name || (!isOwnAct && isTypedIn(place))) return;
    const content = JSON.stringify([page, role]);
    if (content === drawn.get(place)) return; // what has the keyboard keeps it
    drawn.set(place, content);
    const more = page.next && el("button", { class: "btn", type: "button", onclick: () => ((place.dataset.pages = String(Number(place.dataset.pages) + 1)), again()) }, t("desk.more"));
    refill(place, el("h2", { class: "vh" }, t(`desk.list.${list}`)), el("p", { class: "small", role: "status" }, countOf(page, register.empty), ...(register.isDated ? [" · ", overToo(from)] : [])), owner && ofOwner(owner), ...body, more);
  } catch (error) {
    if (place.dataset.list !== name) return;
    if (!(isNew || isOwnAct)) return notReread(error); // with what is typed in it
    drawn.delete(place);
    const button = el("button", { class: "btn primary", type: "button", onclick: again }, t("action.try_again"));
    fill(place, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("cases.error")), ` ${/** @type {Error} */ (error).message}`), button));
  }
}

/**
 * The papers or the table of a register, below the choice of columns and its file.
 * @param {string} list @param {string} path @param {any} page @param {string} role @param {() => unknown} again
 * @param {import("../../state.js").State} state @param {import("../../person.js").Someone} person
 */
async function bodyOf(list, path, page, role, again, state, person) {
  if (page.items.length === 0) return REGISTERS[list]?.look?.(page, role, again) ?? [];
  const { COLUMNS_OF } = await import("./register_columns.js");
  const columns = COLUMNS_OF[list] ?? [];
  const place = el("div", {});
  const tools = await createTools({ name: list, columns, rows: async () => (await pagesOf(path)).items, changed: () => lay() }, state, person);
  const look = REGISTERS[list]?.look;
  function lay() {
    if (!look) fill(place, listTable(`desk.list.${list}`, tools.columns(), page.items));
  }
  lay();
  return [tools.element, ...(look ? look(page, role, again) : [place])];
}

/** How many there are, and how many of them stand here. @param {any} page @param {string} empty */
function countOf({ total, items, next }, empty) {
  if (total === 0) return t(empty);
  const count = t("desk.count", { n: number(total, 0) });
  return next ? `${count}: ${t("desk.first_of", { shown: number(items.length, 0), n: number(total, 0) })}` : count;
}

/** The way to what is over, and back. @param {string | null} from the first day that the list is about */
const overToo = (from) => el("a", { href: address({ from: from ? null : EVER }) }, t(from ? "desk.only_in_force" : "desk.over_too"));

/** Whose things the list is narrowed to, and the way out. @param {string} owner its group */
function ofOwner(owner) {
  return el("p", { class: "small" }, t("desk.only_of", { owner: groupName(owner) }), " ", el("a", { href: address({ owner: null }) }, t("desk.of_every_owner")));
}

/** Whether somebody writes in it, or reads a text that is open: it is not drawn anew then. @param {HTMLElement} place */
const isTypedIn = (place) => [...place.querySelectorAll(`input:not([type="checkbox"]), textarea`)].some((one) => one instanceof HTMLInputElement && one.value !== "") || place.querySelector("details[open]") !== null;

/** Those that wait first, of those the latest. @type {Look} */
function requestsLook({ items }, role, again) {
  const sorted = [...items].sort((a, b) => rank(a) - rank(b) || a.due_on.localeCompare(b.due_on));
  return [el("ul", { class: "papers" }, ...sorted.map((one) => requestPaper(one, role, again)))];
}

/** @param {import("openapi").Request} request */
const rank = ({ state }) => (WAITING.includes(state) ? WAITING.indexOf(state) : WAITING.length);

/** @type {Look} */
function claimsLook({ items, sums, unclaimed }, role, again) {
  const head = el("tr", {}, ...["desk.owner", "facts.status", "desk.number", "desk.amount"].map((key) => el("th", { scope: "col" }, t(key))));
  const rows = sums.map((/** @type {import("openapi").ClaimSum} */ one) => el("tr", {}, el("td", {}, one.owner), el("td", {}, word("claim_status", one.state)), el("td", {}, number(one.claims, 0)), el("td", {}, money(one.amount_eur))));
  return [rows.length > 0 && el("table", { class: "register" }, el("caption", { class: "label" }, t("desk.claim_sums")), el("thead", {}, head), el("tbody", {}, ...rows)), unclaimedPart(unclaimed), el("ul", { class: "papers" }, ...items.map((/** @type {import("openapi").ClaimFile} */ one) => claimPaper(one, role, again)))];
}

/** The repairs that nobody claimed yet, each with the way to its conflict. @param {import("openapi").UnclaimedDefect[]} defects */
function unclaimedPart(defects) {
  if (defects.length === 0) return null;
  const rows = defects.map((one) => el("li", {}, el("a", { href: address({ selection: `conflict:${one.conflict_id}`, list: null }) }, `${one.repair_number} · ${one.owner} · ${money(one.amount_eur)}`), ` · ${t("desk.guaranteed_until", { day: day(one.guaranteed_until) })}`));
  return el("details", { class: "open-up", "data-unclaimed": String(defects.length) }, el("summary", {}, t("overview.unclaimed", { n: defects.length })), el("ul", {}, ...rows));
}
