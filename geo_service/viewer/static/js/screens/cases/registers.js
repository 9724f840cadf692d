/** Lists beside the cases: what utilities are asked, what is claimed from them, ground that is protected, and a partner's own works. */
import { get } from "../../api.js";
import { el, fill } from "../../dom.js";
import { notReread } from "../../follow.js";
import { day, lastDay, money, number, period, t, word } from "../../i18n.js";
import { sourceId, worksLink } from "../../facts.js";
import { address } from "../../address.js";
import { groupName, loadGroups } from "../../groups.js";
import { refill } from "../../refill.js";
import { loadStyle } from "../../style.js";
import { claimPaper } from "./claim.js";
import { requestPaper } from "./requests.js";

/** @typedef {import("../../dom.js").Child} Child */
/** What of the address says which list it is. @typedef {Pick<import("../../address.js").ViewState, "list" | "owner">} Asked */
/** `again` reads the list once more. @typedef {(page: any, role: string, again: () => unknown) => Child[]} Look */

const LIMIT = 500;
/** `isWhole`: it is put in an order here, which takes all of it. @type {Record<string, {path: string, empty: string, look: Look, isWhole?: boolean}>} */
const REGISTERS = {
  requests: { path: "/requests", empty: "desk.no_requests", look: requestsLook, isWhole: true },
  claims: { path: "/claim-files", empty: "desk.no_claims", look: claimsLook },
  protected: { path: "/protections", empty: "desk.no_protections", look: protectedLook },
  works: { path: "/works", empty: "desk.no_works", look: worksLook },
};
/** What stands in a place. @type {WeakMap<HTMLElement, string>} */
const drawn = new WeakMap();
const WAITING = ["no_answer", "asked"];

/**
 * @param {HTMLElement} place @param {Asked} asked @param {import("../../person.js").Someone} person
 * @param {boolean} [isOwnAct] what is typed was sent
 */
export async function fillRegister(place, { list, owner }, person, isOwnAct = false) {
  const register = REGISTERS[list ?? ""];
  if (!register) return;
  const again = () => fillRegister(place, { list, owner }, person, true);
  const name = `${list} ${owner ?? ""}`;
  const isNew = place.dataset.list !== name;
  if (isNew) {
    fill(place, el("p", { role: "status" }, t("list.loading")));
    place.dataset.pages = "1";
    drawn.delete(place);
  }
  place.dataset.list = name;
  try {
    const path = `${register.path}?${new URLSearchParams({ limit: String(LIMIT), ...(owner && { owner }) })}`;
    const [page] = await Promise.all([pagesOf(path, register.isWhole ? Infinity : Number(place.dataset.pages)), loadStyle(new URL("../../../css/evidence.css", import.meta.url)), owner && loadGroups()]);
    if (place.dataset.list !== name || (!isOwnAct && isTypedIn(place))) return;
    const role = person.current?.role ?? "";
    const content = JSON.stringify([page, role]);
    if (content === drawn.get(place)) return; // what has the keyboard keeps it
    drawn.set(place, content);
    const more = page.next && el("button", { class: "btn", type: "button", onclick: () => ((place.dataset.pages = String(Number(place.dataset.pages) + 1)), again()) }, t("desk.more"));
    refill(place, el("h2", { class: "vh" }, t(`desk.list.${list}`)), el("p", { class: "small", role: "status" }, countOf(page, register.empty)), owner && ofOwner(owner), ...register.look(page, role, again), more);
  } catch (error) {
    if (place.dataset.list !== name) return;
    if (!(isNew || isOwnAct)) return notReread(error); // with what is typed in it
    drawn.delete(place);
    const button = el("button", { class: "btn primary", type: "button", onclick: again }, t("action.try_again"));
    fill(place, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("cases.error")), ` ${/** @type {Error} */ (error).message}`), button));
  }
}

/** A list as far as so many pages go. @param {string} path @param {number} pages */
async function pagesOf(path, pages) {
  let page = await get(path);
  const items = [...page.items];
  for (let read = 1; page.next && read < pages; read += 1) {
    page = { ...(await get(`${path}&cursor=${encodeURIComponent(page.next)}`)), sums: page.sums, unclaimed: page.unclaimed };
    items.push(...page.items);
  }
  return { ...page, items };
}

/** How many there are, and how many of them stand here. @param {any} page @param {string} empty */
function countOf({ total, items, next }, empty) {
  if (total === 0) return t(empty);
  const count = t("desk.count", { n: number(total, 0) });
  return next ? `${count}: ${t("desk.first_of", { shown: number(items.length, 0), n: number(total, 0) })}` : count;
}

/** Whose things the list is narrowed to, and the way out. @param {string} owner its group */
function ofOwner(owner) {
  return el("p", { class: "small" }, t("desk.only_of", { owner: groupName(owner) }), " ", el("a", { href: address({ owner: null }) }, t("desk.of_every_owner")));
}

/** Whether somebody writes in it, or reads a text that is open: it is not drawn anew then. @param {HTMLElement} place */
const isTypedIn = (place) => [...place.querySelectorAll("input, textarea")].some((one) => one instanceof HTMLInputElement && one.value !== "") || place.querySelector("details[open]") !== null;

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

/** @type {Look} */
function protectedLook({ items }) {
  const keys = ["desk.until", "desk.street", "desk.laid_by", "desk.number", "desk.size"];
  const rows = items.map((/** @type {import("openapi").Protection} */ one) => {
    const selection = one.repair_id ? `repair:${one.repair_id}` : `works:${one.works_id}`;
    const link = el("a", { href: address({ selection: /** @type {import("../../address.js").Selection} */ (selection), list: null }) }, one.number);
    return el("tr", {}, el("td", {}, day(lastDay(one.until))), el("td", {}, one.street ?? "–"), el("td", {}, `${one.owner}, ${day(one.laid_on)}`), el("td", {}, link), el("td", {}, `${number(one.length_m)} × ${number(one.width_m)}\u00a0m${one.counts ? "" : ` · ${t("desk.no_relay")}`}`));
  });
  return [table("desk.list.protected", keys, rows)];
}

/** @type {Look} */
function worksLook({ items }) {
  const keys = ["facts.source_id", "facts.remark", "facts.period", "facts.certainty"];
  const rows = items.map((/** @type {import("openapi").Works} */ one) => {
    const days = one.phases.map((phase) => [phase.starts_on ?? "", phase.ends_on ?? ""]);
    const [from, to] = [days.map((span) => span[0]).sort()[0], days.map((span) => span[1]).sort().at(-1)];
    return el("tr", {}, el("td", {}, worksLink(one.id, sourceId(one.source, one.source_id))), el("td", {}, one.title), el("td", {}, period(from, to)), el("td", {}, word("certainty", one.certainty)));
  });
  return [table("desk.list.works", keys, rows)];
}

/** @param {string} title @param {string[]} keys @param {HTMLElement[]} rows */
function table(title, keys, rows) {
  if (rows.length === 0) return null;
  const head = el("tr", {}, ...keys.map((key) => el("th", { scope: "col" }, t(key))));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t(title) }, el("table", { class: "register" }, el("thead", {}, head), el("tbody", {}, ...rows)));
}
