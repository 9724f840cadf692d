/** "Gegevens van 06:12": how old the truth is, per source, always in sight. */
import { connection } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { age, moment, since, t } from "../../i18n.js";

/** @typedef {import("openapi").StatusOfAll} Status */
/** @typedef {import("openapi").Source} SourceStatus */

// Of concern(): from here on it stands in the bar; and above the map, where the facts may lack something.
const IN_THE_BAR = 2;
const ABOVE_THE_MAP = 3;

/** @param {import("../../status.js").StatusSource} status */
export function createFreshness(status) {
  const button = el("button", { class: "btn quiet fresh", type: "button", "aria-haspopup": "dialog" });
  const note = el("div", { class: "note", role: "status", hidden: true });
  /** @type {Promise<HTMLDialogElement> | null} */
  let box = null;
  button.addEventListener("click", async () => {
    box ??= import("./sources.js").then(({ createSources }) => createSources(status));
    const opening = box;
    (await opening.catch(() => (box = null)))?.showModal();
  });

  /** The service itself is not there: that says nothing of any feed. @param {Date} from */
  function showDown(from) {
    const sentence = t(navigator.onLine ? "fresh.service_down" : "fresh.device_offline", { since: since(from) });
    fill(button, el("span", { class: "dot silent" }), el("span", { class: "sentence" }, sentence), el("span", { class: "short", "aria-hidden": "true" }, t("fresh.down")));
    button.hidden = note.hidden = false;
    fill(note, icon("wait"), el("span", {}, el("b", {}, `${sentence}.`), ` ${t("fresh.down_careful")}`));
  }

  status.onChange((now) => {
    if (connection.downSince) return showDown(connection.downSince);
    button.hidden = now === null;
    note.hidden = !status.refusal;
    if (status.refusal) fill(note, icon("wait"), el("span", {}, el("b", {}, t("fresh.not_reread")), ` ${status.refusal.message}`));
    if (!now) return;
    const worst = byConcern(now.sources).find((source) => concern(source) >= IN_THE_BAR);
    fill(button, el("span", { class: `dot ${worst ? stateOf(worst) : ""}` }), ...summary(now, worst));
    if (status.refusal || !worst || concern(worst) < ABOVE_THE_MAP) return;
    note.hidden = false;
    fill(note, icon("wait"), el("span", {}, el("b", {}, `${sourceSentence(worst)}.`), ` ${t("fresh.careful")}`));
  });
  return { button, note };
}

/**
 * How urgent the state of a source is: silent, then doubted, late, and a failed attempt on data that are not old. A failed import of a file
 * without earlier data shows in the list only.
 * @param {SourceStatus} source
 */
function concern(source) {
  if (source.state === "never") return source.expected_seconds ? 5 : 1;
  if (source.state === "silent") return 5;
  return source.shrunk ? 4 : source.state === "late" ? 3 : source.last_failure ? 2 : 0;
}

/**
 * It came in lately, but not all of it is believed, or a later attempt failed.
 * @param {SourceStatus} source
 */
export function doubted(source) {
  return source.state === "fresh" && Boolean(source.shrunk || source.last_failure);
}

/** @param {SourceStatus} source */
export function stateOf(source) {
  if (source.state === "never") return source.expected_seconds ? "silent" : "late";
  return doubted(source) ? "late" : source.state;
}

/** The one to worry about first comes first. @param {readonly SourceStatus[]} sources */
export const byConcern = (sources) => [...sources].sort((a, b) => concern(b) - concern(a));

/**
 * @param {Status} now
 * @param {SourceStatus | undefined} worst
 * @returns {import("../../dom.js").Child[]}
 */
function summary(now, worst) {
  if (worst) return [el("span", { class: "sentence" }, sourceSentence(worst)), el("span", { class: "short", "aria-hidden": "true" }, worst.label)];
  if (now.data_age_seconds === null) return [el("span", {}, t("fresh.no_data"))];
  const time = since(new Date(Date.parse(now.computed_at) - now.data_age_seconds * 1000));
  return [el("span", {}, el("span", { class: "long" }, `${t("fresh.data_of")} `), time)];
}

/** @param {SourceStatus} source */
function sourceSentence(source) {
  if (source.state === "never") return t("fresh.never_came", { source: source.label });
  if (source.state === "silent" && source.last_success_at) {
    return t("fresh.silent_since", { source: source.label, since: moment(source.last_success_at) });
  }
  if (source.state === "fresh" && source.shrunk) {
    return `${source.label}: ${t("fresh.shrunk", { vanished: source.shrunk.vanished, open: source.shrunk.open })}`;
  }
  if (source.state === "fresh" && source.last_failure) {
    return `${source.label}: ${t("fresh.failed", { at: moment(source.last_failure.at) })}`;
  }
  return t("fresh.is_old", { source: source.label, age: age(source.age_seconds ?? 0) });
}
