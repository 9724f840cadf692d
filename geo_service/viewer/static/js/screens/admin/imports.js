/** The imports of all sources or of one, and the rows that one of them left out, each with its reason in words. */
import { get, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { moment, number, t, word } from "../../i18n.js";
import { createNotice } from "./notice.js";
import { createReader } from "./reader.js";
import { createTable } from "./table.js";

/** @typedef {import("openapi").Import} Import */
/** @typedef {import("openapi").RejectedRow} RejectedRow */

const PAGE = 25;
const ROWS = 100;
const AGAIN_MS = 3_000;

/** @param {import("../../status.js").StatusSource} status */
export function createImports(status) {
  const notice = createNotice();
  const title = el("h2", {});
  const table = createTable("admin.imports.caption", [
    { head: "admin.imports.when", cell: (/** @type {Import} */ one) => el("span", {}, moment(one.finished_at ?? one.started_at ?? one.queued_at ?? "")) },
    { head: "fresh.source", cell: (/** @type {Import} */ one) => [labelOf(one.source), " ", el("small", {}, one.origin ?? "")] },
    { head: "admin.imports.who", cell: (/** @type {Import} */ one) => one.asked_by ?? t("admin.imports.by_service") },
    { head: "admin.imports.state", cell: stateOf },
    { head: "admin.sources.read", isNumber: true, cell: (/** @type {Import} */ one) => number(one.read, 0) },
    { head: "admin.imports.created", isNumber: true, cell: (/** @type {Import} */ one) => number(one.created, 0) },
    { head: "admin.imports.changed", isNumber: true, cell: (/** @type {Import} */ one) => number(one.changed, 0) },
    { head: "admin.sources.rejected", isNumber: true, cell: (/** @type {Import} */ one) => rejectedLink(one, labelOf(one.source)) },
  ]);
  const rejected = createRejected();
  const all = el("a", { href: "/beheer/bronnen", hidden: true }, t("admin.imports.all"));
  let source = "";
  let wantsRejected = false;
  let timer = 0;

  const reader = createReader(
    async () => (await Promise.all([get(`/imports?limit=${PAGE}${source ? `&source=${encodeURIComponent(source)}` : ""}`), status.current ?? status.load()]))[0], // it names the sources
    (/** @type {{items: Import[], total: number}} */ { items, total }) => {
      entitle();
      table.show(items);
      clearTimeout(timer);
      if (items.some((one) => one.status === "queued" || one.status === "running")) timer = window.setTimeout(() => element.isConnected && reader.load(), AGAIN_MS);
      const latest = items.find((one) => one.rejected > 0);
      if (wantsRejected && latest) rejected.open(latest.id);
      wantsRejected = false;
      return total === 0 ? t("admin.imports.none") : t("admin.imports.count", { n: total, shown: items.length });
    },
  );
  const element = el("section", {}, el("div", { class: "board-head" }, title, all), notice.element, reader.element, table.element, rejected.element);

  function entitle() {
    fill(title, source ? t("admin.imports.title_of", { source: labelOf(source) }) : t("admin.imports.title"));
  }

  /** What a source is called in the table above. @param {string} code */
  function labelOf(code) {
    return status.current?.sources.find((one) => one.source === code)?.label ?? code;
  }

  /** @param {Import} one */
  function stateOf(one) {
    const waits = one.waits_for && t("admin.imports.waits", { source: labelOf(one.waits_for.source) });
    const done = one.status === "running" && one.total ? ` ${number(one.done, 0)}/${number(one.total, 0)}` : "";
    const stop = (one.status === "queued" || one.status === "running") && el("button", { class: "btn", type: "button", onclick: () => cancel(one) }, t("admin.imports.cancel"), el("span", { class: "vh" }, ` ${labelOf(one.source)}`));
    return [el("span", { class: "chip" }, word("admin_import", one.status), done), waits && ` ${waits}`, one.error && el("small", {}, ` ${one.error.message ?? one.error.code}`), ...one.remarks.map((text) => el("small", {}, ` ${text}`)), stop];
  }

  /** @param {Import} one */
  async function cancel(one) {
    await notice.attempt(() => send("DELETE", `/imports/${one.id}`), reader.load);
  }

  return {
    element,
    load: reader.load,
    /** What the address asks for: `bron` one source, `invoer` the rejected rows of one import, `geweigerd` those of the newest with any. */
    show() {
      const query = new URLSearchParams(location.search);
      if (source !== (query.get("bron") ?? "")) reader.forget();
      source = query.get("bron") ?? "";
      wantsRejected = query.has("geweigerd");
      all.hidden = !source;
      entitle();
      const wanted = query.get("invoer");
      if (wanted) rejected.open(wanted);
      else rejected.close();
      reader.load();
    },
  };
}

/** @param {Import} one @param {string} source */
function rejectedLink(one, source) {
  return one.rejected ? el("a", { href: `/beheer/bronnen?invoer=${one.id}` }, number(one.rejected, 0), el("span", { class: "vh" }, ` ${t("admin.sources.rejected_of", { source })}`)) : "0";
}

/** The rows that an import left out: some at once, all of them as a file. */
function createRejected() {
  const title = el("h3", { tabindex: "-1" }, t("admin.rejected.title"));
  const file = el("a", { class: "btn" }, t("admin.rejected.csv"));
  const table = createTable("admin.rejected.title", [
    { head: "admin.rejected.row", cell: (/** @type {RejectedRow} */ one) => String(one.row) },
    { head: "admin.rejected.id", cell: (/** @type {RejectedRow} */ one) => one.id ?? "–" },
    { head: "admin.rejected.field", cell: (/** @type {RejectedRow} */ one) => one.field ?? "–" },
    { head: "admin.rejected.why", cell: (/** @type {RejectedRow} */ one) => one.message },
  ]);
  let id = "";
  const reader = createReader(
    () => get(`/imports/${encodeURIComponent(id)}/rejected?limit=${ROWS}`),
    (/** @type {{items: RejectedRow[], total: number}} */ { items, total }) => {
      table.show(items);
      return t("admin.rejected.count", { n: total, shown: items.length });
    },
  );
  const element = el("div", { class: "admin-box", hidden: true }, el("div", { class: "board-head" }, title, file), reader.element, table.element);
  return {
    element,
    /** @param {string} wanted id of the import */
    open(wanted) {
      const isAnother = wanted !== id;
      id = wanted;
      file.setAttribute("href", `/api/v1/imports/${encodeURIComponent(id)}/rejected.csv`);
      element.hidden = false;
      if (isAnother) {
        reader.forget();
        table.show([]);
      }
      reader.load().then(() => isAnother && title.focus());
    },
    close() {
      id = "";
      element.hidden = true;
    },
  };
}
