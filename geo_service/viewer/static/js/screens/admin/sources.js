/** "Bronnen": how old each source is against its rhythm, what its last import read and left out, and works that are silent. */
import { get, send } from "../../api.js";
import { el } from "../../dom.js";
import { age, day, moment, number, t, word } from "../../i18n.js";
import { byConcern, doubted, stateOf } from "../freshness/freshness.js";
import { doubts } from "../freshness/sources.js";
import { createImports } from "./imports.js";
import { createNotice } from "./notice.js";
import { createReader } from "./reader.js";
import { createTable } from "./table.js";

/** @typedef {import("openapi").Source} Source */
/** @typedef {import("openapi").SilentWorks} SilentWorks */

/** Sources that the service can read by itself. */
const FEEDS = ["gipod", "gipod-ldes"];
/** The bar ends at twice the interval: beyond that only the words count. */
const LONGEST = 2;

/** @param {import("./admin.js").Tools} tools @returns {import("./admin.js").Part} */
export function createSources({ status }) {
  const oldest = el("p", { class: "lead" });
  const notice = createNotice();
  const table = createTable("admin.sources.caption", [
    { head: "fresh.source", cell: name },
    { head: "fresh.last", cell: (/** @type {Source} */ one) => [one.last_success_at ? moment(one.last_success_at) : t("fresh.not_yet"), ...doubts(one)] },
    { head: "fresh.age", cell: ageBar },
    { head: "admin.sources.read", isNumber: true, cell: (/** @type {Source} */ one) => count(one, "read") },
    { head: "admin.sources.changed", isNumber: true, cell: (/** @type {Source} */ one) => number((one.counts?.created ?? 0) + (one.counts?.changed ?? 0), 0) },
    { head: "admin.sources.rejected", isNumber: true, cell: rejections },
    { head: "admin.sources.now", cell: (/** @type {Source} */ one) => [el("a", { class: "link", href: `/beheer/bronnen?bron=${encodeURIComponent(one.source)}` }, t("admin.sources.imports"), hidden(one)), FEEDS.includes(one.source) && readNow(one)] },
  ]);
  const imports = createImports(status);
  const silent = createTable("admin.silent.title", [
    { head: "admin.silent.works", cell: (/** @type {SilentWorks} */ one) => el("a", { href: `/kaart?kies=werk:${one.id}` }, one.source === "gipod" ? `GIPOD ${one.source_id}` : one.source_id) },
    { head: "admin.silent.owner", cell: (/** @type {SilentWorks} */ one) => one.owner },
    { head: "admin.silent.title_of", cell: (/** @type {SilentWorks} */ one) => one.title },
    { head: "admin.silent.start", cell: (/** @type {SilentWorks} */ one) => `${day(one.starts_on)} · ${word("certainty", one.certainty)}` },
    { head: "admin.silent.days", isNumber: true, cell: (/** @type {SilentWorks} */ one) => t("unit.days", { n: one.days }) },
    { head: "admin.silent.heard", cell: (/** @type {SilentWorks} */ one) => (one.heard_at ? moment(one.heard_at) : "–") },
  ]);
  const silentReader = createReader(
    () => get("/stats/silent-works"),
    ({ items, total }) => {
      silent.show(items);
      return total === 0 ? t("admin.silent.none") : t("admin.silent.count", { n: total });
    },
  );
  const element = el(
    "div",
    { class: "admin-part" },
    oldest,
    notice.element,
    table.element,
    imports.element,
    el("section", {}, el("h2", { id: "stille-werven" }, t("admin.silent.title")), el("p", { class: "small" }, t("admin.silent.lead")), silentReader.element, silent.element),
  );

  /** @param {Source} one */
  function readNow(one) {
    return el("button", { class: "btn", type: "button", onclick: () => ask(one) }, t("admin.sources.read_now"), hidden(one));
  }

  /** @param {Source} one */
  async function ask(one) {
    await notice.attempt(() => send("POST", "/imports", { source: one.source }), imports.load, t("admin.sources.queued", { source: one.label }));
  }

  status.onChange((now) => {
    if (!now) return;
    table.show(byConcern(now.sources));
    const last = now.sources.filter((one) => one.age_seconds !== null).sort((a, b) => (b.age_seconds ?? 0) - (a.age_seconds ?? 0))[0];
    oldest.textContent = last ? t("admin.sources.oldest", { age: age(last.age_seconds ?? 0), source: last.label }) : t("admin.sources.none");
  });
  return {
    element,
    show() {
      status.load();
      imports.show();
      silentReader.load();
    },
  };
}

/** @param {Source} one */
const hidden = (one) => el("span", { class: "vh" }, ` ${one.label}`);

/** @param {Source} one */
function name(one) {
  return [el("span", { class: `dot ${stateOf(one)}` }), ` ${one.label} `, el("small", {}, t(`fresh.${doubted(one) ? "doubted" : one.state}`))];
}

/** @param {Source} one @param {string} what */
const count = (one, what) => number(one.counts?.[what] ?? 0, 0);

/** @param {Source} one */
function rejections(one) {
  if (!one.counts?.rejected) return "0";
  return el("a", { href: `/beheer/bronnen?bron=${encodeURIComponent(one.source)}&geweigerd=1` }, count(one, "rejected"), el("span", { class: "vh" }, ` ${t("admin.sources.rejected_of", { source: one.label })}`));
}

/** The age as words and as a bar against the interval: the mark is where it is due, hatched what lies beyond. @param {Source} one */
function ageBar(one) {
  if (one.age_seconds === null) return "–";
  const words = el("span", {}, age(one.age_seconds));
  if (!one.expected_seconds) return [words, " ", el("small", {}, t("fresh.no_rhythm"))];
  const share = Math.min(LONGEST, one.age_seconds / one.expected_seconds);
  const bar = el("span", { class: "age", "aria-hidden": "true" }, el("i"), el("i", { class: "over" }));
  const [due, over] = /** @type {NodeListOf<HTMLElement>} */ (bar.querySelectorAll("i"));
  if (due) due.style.width = `${(Math.min(1, share) / LONGEST) * 100}%`;
  if (over) over.style.width = `${(Math.max(0, share - 1) / LONGEST) * 100}%`;
  return [words, bar, el("small", {}, t("fresh.every", { age: age(one.expected_seconds) }))];
}
