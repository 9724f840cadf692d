/** "Inlezen": a file, the mapping that is proposed for it, and its first ten rows in a table and on the map, before anything is stored. */
import { get, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t, word } from "../../i18n.js";
import { field } from "../../fields.js";
import { choice, createForm } from "./form.js";
import { createTable } from "./table.js";

/** @typedef {import("openapi").Proposal} Proposal */
/** @typedef {import("openapi").ProposalRow} Row */

const PATIENCE_MS = 300_000;
/** What the service makes a mapping for; the others say themselves what they hold. */
const MAPPED = ["works", "repairs"];
const KINDS = [...MAPPED, "gipod-excel", "grb", "osm", "buildings", "pavements", "streets", "parcels", "addresses"];
/** A point is drawn as a ring of about so many degrees, to be seen. */
const RING_DEG = 0.00003;
const CORNERS = 12;

/** @param {import("./admin.js").Tools} tools @returns {import("./admin.js").Part} */
export function createUpload({ state, opened }) {
  const kind = choice(KINDS.map((code) => [code, word("admin_kind", code)]), "works");
  const file = el("input", { type: "file", required: true });
  const result = el("div", { class: "admin-part" });
  const form = createForm(
    "admin.upload.look",
    [
      { name: "source", label: "admin.upload.kind", input: kind },
      { name: "file", label: "admin.upload.file", input: file, hint: t("admin.upload.file_hint") },
    ],
    async ({ source = "" }) => {
      const chosen = file.files?.[0];
      if (!chosen) return;
      if (MAPPED.includes(source)) lay(source, chosen, await ask(source, chosen, null));
      else await takeIn(source, chosen, {});
    },
  );
  kind.addEventListener("change", () => fill(result));
  file.addEventListener("change", () => fill(result));
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.upload.lead")), form.element, result);

  /** @param {string} source @param {File} chosen @param {string | null} text @returns {Promise<Proposal>} */
  function ask(source, chosen, text) {
    const body = new FormData();
    body.set("source", source);
    if (text !== null) body.set("mapping_text", text);
    body.set("file", chosen);
    return send("POST", "/imports/proposal", body, { patience: PATIENCE_MS });
  }

  /** @param {string} source @param {File} chosen @param {Record<string, string>} mapping */
  async function takeIn(source, chosen, mapping) {
    const body = new FormData();
    for (const [name, value] of Object.entries({ source, ...mapping })) body.set(name, value);
    body.set("file", chosen);
    const made = await send("POST", "/imports", body, { patience: PATIENCE_MS });
    await get(`/imports/${made.id}`);
    history.pushState(null, "", `/beheer/bronnen?bron=${encodeURIComponent(made.source)}`);
    state.go({ screen: "admin", part: "bronnen" });
  }

  /** @param {string} source @param {File} chosen @param {Proposal} proposal */
  function lay(source, chosen, proposal) {
    if (proposal.error) {
      fill(result, el("div", { class: "problem", role: "alert" }, el("p", {}, el("b", {}, t("admin.upload.unread")), ` ${proposal.error.message ?? proposal.error.code}`)));
      return;
    }
    const names = [...new Set(proposal.rows.flatMap((row) => Object.keys(row.cells)))];
    const table = createTable("admin.upload.rows", [
      { head: "admin.rejected.row", cell: (/** @type {Row} */ row) => String(row.line ?? row.row) },
      { head: "admin.rejected.id", cell: (/** @type {Row} */ row) => row.id ?? "–" },
      { head: "admin.upload.read_as", cell: (/** @type {Row} */ row) => (row.refused ? el("b", { class: "wrong" }, t("admin.upload.refused", { why: row.refused })) : names.filter((name) => row.cells[name]).map((name) => cellWords(name, row.cells[name] ?? "")).join(" · ")) },
    ]);
    table.show(proposal.rows);
    const text = el("textarea", { rows: "16", spellcheck: "false", class: "toml" });
    text.value = proposal.text ?? "";
    const again = el("button", { class: "btn", type: "button", onclick: () => retry() }, t("admin.upload.again"));
    const problem = el("div", { class: "problem", role: "alert", hidden: true });
    const taking = createForm("admin.upload.take", [{ name: "mapping", label: "admin.upload.name", input: el("input", { type: "text", required: true, pattern: "[A-Za-z0-9][A-Za-z0-9_\\-]*", value: nameOf(text.value, chosen), maxlength: "100", autocomplete: "off" }), hint: t("admin.upload.name_hint") }], ({ mapping = "" }) => takeIn(source, chosen, { mapping, mapping_text: text.value }));
    const title = el("h2", { tabindex: "-1" }, t("admin.upload.rows"));
    const doubts = proposal.doubts.length > 0 && el("div", { class: "admin-box" }, el("h3", {}, t("admin.upload.doubts")), el("ul", { class: "doubts" }, ...proposal.doubts.map((one) => el("li", {}, one))));
    const left = proposal.rows.filter((row) => row.refused).length;
    fill(result, title, el("p", { class: "small", role: "status" }, t("admin.upload.count", { n: proposal.rows.length, refused: left })), table.element, doubts, el("details", { class: "open-up", open: left > 0 }, el("summary", {}, t("admin.upload.mapping")), field("admin.upload.mapping", text), problem, el("div", { class: "steps" }, again)), taking.element);
    title.focus();
    const places = proposal.rows.flatMap((row) => (row.geometry ? [drawn(row.geometry)] : []));
    if (places.length > 0) opened.show(/** @type {any} */ ({ type: "GeometryCollection", coordinates: [], geometries: places }));

    async function retry() {
      problem.hidden = true;
      try {
        lay(source, chosen, await ask(source, chosen, text.value));
      } catch (error) {
        fill(problem, el("p", {}, /** @type {Error} */ (error).message));
        problem.hidden = false;
      }
    }
  }

  return { element, show: () => undefined };
}

/** @param {string} name @param {string} value */
const cellWords = (name, value) => (name === "certainty" || name === "category" ? word(name === "certainty" ? "certainty" : "category", value) : value);

/** What the mapping calls its source; else the name of the file. @param {string} toml @param {File} file */
function nameOf(toml, file) {
  return /^source = "([^"]+)"/m.exec(toml)?.[1] ?? file.name.replace(/\.\w+$/, "").replace(/[^A-Za-z0-9_-]+/g, "-");
}

/** As it is drawn on the map: a point as a small ring. @param {any} geometry */
function drawn(geometry) {
  if (geometry.type !== "Point") return geometry;
  const [lon, lat] = geometry.coordinates;
  const ring = Array.from({ length: CORNERS + 1 }, (_, n) => {
    const angle = (2 * Math.PI * n) / CORNERS;
    return [lon + RING_DEG * Math.cos(angle), lat + RING_DEG * 0.63 * Math.sin(angle)];
  });
  return { type: "Polygon", coordinates: [ring] };
}
