/** "Hoe oud is de waarheid": every source with its last good import, fetched when somebody asks. */
import { dialog, el, fill } from "../../dom.js";
import { age, moment, t } from "../../i18n.js";
import { byConcern, doubted, stateOf } from "./freshness.js";

/** @typedef {import("openapi").Source} SourceStatus */

/** @param {import("../../status.js").StatusSource} status */
export function createSources(status) {
  const rows = el("tbody");
  const box = dialog("bronnen", t("fresh.title"), t("action.close"), el("p", { class: "small" }, t("fresh.lead")), table(rows));
  status.onChange((now) => now && fill(rows, ...byConcern(now.sources).map(sourceRow)));
  document.body.append(box);
  return box;
}

/** @param {HTMLElement} rows */
function table(rows) {
  const heads = ["fresh.source", "fresh.last", "fresh.age", "fresh.expected"].map((key) => el("th", { scope: "col" }, t(key)));
  return el("table", { class: "stack" }, el("thead", {}, el("tr", {}, ...heads)), rows);
}

/** @param {SourceStatus} source */
function sourceRow(source) {
  const last = source.last_success_at ? moment(source.last_success_at) : t("fresh.not_yet");
  const old = source.age_seconds === null ? "–" : age(source.age_seconds);
  const expected = source.expected_seconds ? t("fresh.every", { age: age(source.expected_seconds) }) : t("fresh.no_rhythm");
  const dot = el("span", { class: `dot ${stateOf(source)}` });
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, dot, ` ${source.label} `, el("small", {}, t(`fresh.${doubted(source) ? "doubted" : source.state}`))),
    cell("fresh.last", last, ...doubts(source)),
    cell("fresh.age", old),
    cell("fresh.expected", expected),
  );
}

/**
 * On a phone, where columns are stacked, each cell says its own head.
 * @param {string} head
 * @param {import("../../dom.js").Child[]} content
 */
function cell(head, ...content) {
  return el("td", { "data-head": t(head) }, el("span", {}, ...content));
}

/**
 * What went wrong since, and what is not believed until somebody confirms it.
 * @param {SourceStatus} source
 * @returns {import("../../dom.js").Child[]}
 */
export function doubts(source) {
  const content = [];
  if (source.last_failure) {
    const why = [source.last_failure.reason, source.last_failure.detail].filter(Boolean);
    content.push([t("fresh.failed", { at: moment(source.last_failure.at) }), ...why].join(": "));
  }
  if (source.shrunk) content.push(t("fresh.shrunk", { vanished: source.shrunk.vanished, open: source.shrunk.open }));
  return content.flatMap((text) => [el("br", {}), el("small", {}, text)]);
}
