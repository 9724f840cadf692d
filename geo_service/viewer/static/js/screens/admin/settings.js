/** "Instellingen": how this service runs, to read only; what is secret stays masked. */
import { get } from "../../api.js";
import { el } from "../../dom.js";
import { t, word } from "../../i18n.js";
import { field } from "../../fields.js";
import { createReader } from "./reader.js";
import { createTable } from "./table.js";

/** @typedef {import("openapi").Setting} Setting */

/** @returns {import("./admin.js").Part} */
export function createSettings() {
  const search = el("input", { type: "search", autocomplete: "off", oninput: () => lay() });
  const own = el("input", { type: "checkbox", onchange: () => lay() });
  const table = createTable("admin.settings.caption", [
    { head: "admin.settings.variable", cell: (/** @type {Setting} */ one) => [el("code", {}, one.variable), " ", el("small", {}, one.description)] },
    { head: "admin.settings.value", cell: (/** @type {Setting} */ one) => (one.value ? el("code", {}, one.value) : t("admin.settings.empty")) },
    { head: "admin.settings.origin", cell: (/** @type {Setting} */ one) => el("span", { class: one.origin === "default" ? "" : "chip" }, word("admin_origin", one.origin.replace(" ", "_"))) },
  ]);
  /** @type {Setting[]} */
  let items = [];
  const reader = createReader(
    () => get("/settings"),
    (/** @type {{items: Setting[]}} */ page) => {
      items = page.items;
      lay();
      return t("admin.settings.count", { n: items.length, own: items.filter((one) => one.origin !== "default").length });
    },
  );

  function lay() {
    const words = search.value.trim().toLowerCase();
    table.show(items.filter((one) => `${one.variable} ${one.description}`.toLowerCase().includes(words) && (!own.checked || one.origin !== "default")));
  }

  const filters = el("div", { class: "criteria" }, field("admin.settings.search", search), el("label", { class: "tick" }, own, el("span", {}, t("admin.settings.own"))));
  return { element: el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.settings.lead")), filters, reader.element, table.element), show: () => reader.load() };
}
