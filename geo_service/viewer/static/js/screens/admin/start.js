/** "Eerste dag": what a new city still lacks, with the way to each. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { loadScreenWords, t, word } from "../../i18n.js";
import { createReader } from "./reader.js";

/** @typedef {import("openapi").ChecklistItem} Item */

/** Where each is dealt with on this page; the others are settings. @type {Partial<Record<Item["item"], string>>} */
const WAYS = { ground: "/beheer/inlezen", feeds: "/beheer/bronnen", people: "/beheer/gebruikers", prices: "/regels/parameters" };

/** Which settings of the server those are. @type {Partial<Record<Item["item"], string[]>>} */
const SETTINGS = { city: ["GEO_CITY_NAME", "GEO_CITY_NIS", "GEO_CITY_FILE"], mail: ["GEO_SMTP_HOST", "GEO_MAIL_FROM"] };

/** @returns {import("./admin.js").Part} */
export function createStart() {
  const list = el("ol", { class: "checklist" });
  const reader = createReader(
    () => get("/checklist"),
    (/** @type {import("openapi").Checklist} */ { items, done }) => {
      fill(list, ...items.map(row));
      return done === items.length ? t("admin.start.ready") : t("admin.start.count", { n: items.length - done, all: items.length });
    },
  );
  return { element: el("div", { class: "admin-part" }, el("p", { class: "lead" }, t("admin.start.lead")), reader.element, list), show: () => loadScreenWords("rules").then(reader.load) };
}

/** @param {Item} one */
function row(one) {
  const isDone = one.state === "done";
  const missing = one.missing.map((code) => (one.item === "people" ? word("role", code) : one.item === "prices" ? word("rules_parameter", code) : word("admin_missing", code)));
  const way = WAYS[one.item];
  return el(
    "li",
    { "data-item": one.item, "data-state": one.state },
    el("span", { class: `strip ${isDone ? "v-repair" : "v-coord"}` }, icon(isDone ? "repair" : "wait", "s"), word("admin_state", one.state)),
    el("div", {}, el("h2", {}, t(`admin.start.${one.item}`)), el("p", {}, t(`admin.start.${one.item}_why`)), missing.length > 0 && el("p", { class: "small" }, t("admin.start.missing", { what: missing.join(", ") }))),
    !isDone && (way ? el("a", { class: "btn", href: way }, t("admin.start.go"), el("span", { class: "vh" }, ` ${t(`admin.start.${one.item}`)}`)) : el("span", { class: "small" }, t("admin.start.setting"), ...(SETTINGS[one.item] ?? []).flatMap((name) => [el("br"), el("code", {}, name)]))),
  );
}
