/** "Gegevens van 06:12": how old the truth is, per source, always in sight. */
import { dialog, el, fill, icon } from "./dom.js";
import { age, clock, moment, t } from "./i18n.js";

/** @typedef {import("./types.js").Status} Status */
/** @typedef {import("./types.js").SourceStatus} SourceStatus */

/** @param {import("./status.js").StatusSource} status */
export function createFreshness(status) {
  const button = el("button", { class: "btn quiet fresh", type: "button", "aria-haspopup": "dialog" });
  const rows = el("tbody");
  const box = dialog("bronnen", t("fresh.title"), t("action.close"), el("p", { class: "small" }, t("fresh.lead")), table(rows));
  const note = el("div", { class: "note", role: "status", hidden: true });
  button.addEventListener("click", () => box.showModal());

  status.onChange((now) => {
    button.hidden = now === null;
    if (!now) return;
    const worst = now.sources.find((s) => s.state === "silent") ?? now.sources.find((s) => s.state === "late");
    fill(button, el("span", { class: `dot ${worst?.state ?? ""}` }), el("span", {}, ...summary(now, worst)));
    fill(rows, ...now.sources.map(sourceRow));
    note.hidden = !worst;
    if (worst) fill(note, icon("wait"), el("span", {}, el("b", {}, sourceSentence(worst)), ` ${t("fresh.careful")}`));
  });
  return { button, dialog: box, note };
}

/** @param {HTMLElement} rows */
function table(rows) {
  const heads = ["fresh.source", "fresh.last", "fresh.age", "fresh.expected"].map((key) => el("th", { scope: "col" }, t(key)));
  return el("table", {}, el("thead", {}, el("tr", {}, ...heads)), rows);
}

/** @param {SourceStatus} source */
function sourceRow(source) {
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, el("span", { class: `dot ${source.state}` }), ` ${source.label} `, el("small", {}, t(`fresh.${source.state}`))),
    el("td", {}, source.last_success_at ? moment(source.last_success_at) : t("fresh.never"), ...doubts(source)),
    el("td", {}, source.age_seconds === null ? "–" : age(source.age_seconds)),
    el("td", {}, source.expected_seconds ? t("fresh.every", { age: age(source.expected_seconds) }) : t("fresh.no_rhythm")),
  );
}

/**
 * What went wrong since, and what is not believed until somebody confirms it.
 * @param {SourceStatus} source
 * @returns {import("./dom.js").Child[]}
 */
function doubts(source) {
  const told = [];
  if (source.last_failure) told.push(t("fresh.failed", { at: moment(source.last_failure.at) }));
  if (source.shrunk) told.push(t("fresh.shrunk", { vanished: source.shrunk.vanished, open: source.shrunk.open }));
  return told.flatMap((text) => [el("br", {}), el("small", {}, text)]);
}

/**
 * @param {Status} now
 * @param {SourceStatus | undefined} worst
 * @returns {import("./dom.js").Child[]}
 */
function summary(now, worst) {
  if (worst) return [sourceSentence(worst)];
  if (now.data_age_seconds === null) return [t("fresh.no_data")];
  const time = clock(new Date(Date.parse(now.computed_at) - now.data_age_seconds * 1000));
  return [el("span", { class: "long" }, `${t("fresh.data_of")} `), time];
}

/** @param {SourceStatus} source */
function sourceSentence(source) {
  if (source.state === "silent" && source.last_success_at) {
    return t("fresh.silent_since", { source: source.label, since: moment(source.last_success_at) });
  }
  return t("fresh.is_old", { source: source.label, age: age(source.age_seconds ?? 0) });
}
