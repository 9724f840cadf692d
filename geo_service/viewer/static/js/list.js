/** The conflicts as a list: what is on the map is also here. Most money first. */
import { get } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { day, money, t, word } from "./i18n.js";
import { address } from "./state.js";
import { amount, conflictName, partyName, worksParty } from "./facts.js";
import { swatch } from "./map/shapes.js";

/** @typedef {import("./types.js").Conflict} Conflict */

const LIMIT = 500;

/** @param {import("./state.js").State} state */
export function createConflictList(state) {
  const body = el("div", { class: "view" });
  const head = el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("list.title")), el("a", { class: "btn", href: "/kaart", onclick: close }, icon("back", "s"), t("action.to_check")));
  const element = el("div", { class: "view", hidden: true }, head, body);

  /** @param {Event} event */
  function close(event) {
    event.preventDefault();
    state.go({ lijst: null });
  }

  async function load() {
    fill(body, el("p", { role: "status" }, t("list.loading")));
    try {
      const { items, total } = await get(`/conflicts?status=open&limit=${LIMIT}`);
      fill(body, ...listParts(items, total));
    } catch (error) {
      const again = el("button", { class: "btn primary", type: "button", onclick: load }, t("action.try_again"));
      fill(body, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("list.error")), ` ${/** @type {Error} */ (error).message}`), again));
    }
  }

  state.onChange((now, before) => {
    if (now.lijst === "conflicten" && before?.lijst !== "conflicten") load();
  });
  return { view: { element, wants: (/** @type {import("./state.js").ViewState} */ now) => now.lijst === "conflicten" && !now.kies } };
}

/** @param {Conflict[]} items @param {number | undefined} total */
function listParts(items, total) {
  if (items.length === 0) return [el("p", {}, t("list.empty"))];
  const sorted = [...items].sort((a, b) => amount(b.facts) - amount(a.facts));
  return [
    el("p", { class: "small", role: "status" }, t("list.count", { n: total ?? items.length })),
    el("ul", { class: "rows" }, ...sorted.map((conflict) => el("li", {}, row(conflict)))),
  ];
}

/** @param {Conflict} conflict */
function row(conflict) {
  const owners = [conflict.a, conflict.b].map(partyName).join(" × ");
  const works = worksParty(conflict);
  const when = works?.starts_on && conflict.rule !== "guarantee_applies" ? t("period.from", { from: day(works.starts_on) }) : "";
  const line = [conflict.number, owners, when, word("severity", conflict.severity)].filter(Boolean).join(" · ");
  const euro = amount(conflict.facts);
  return el(
    "a",
    { class: "row", href: address({ kies: `conflict:${conflict.id}` }) },
    swatch(conflict.opportunity ? "chance" : "conflict"),
    el("b", {}, conflictName(conflict)),
    el("span", { class: "amount" }, euro ? money(euro) : ""),
    works?.works?.title && el("small", {}, works.works.title),
    el("small", {}, line),
  );
}
