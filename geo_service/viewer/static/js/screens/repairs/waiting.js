/** What waits on this device for one repair; where somebody else changed it meanwhile, both versions, and the choice. */
import { address } from "../../address.js";
import { el, fill, icon } from "../../dom.js";
import { since, t, word } from "../../i18n.js";
import { differences } from "../../outbox/differences.js";
import { outbox } from "../../outbox/outbox.js";
import { valueOf } from "./fields.js";

/** @typedef {import("../../outbox/outbox.js").Entry} Entry */

/** @param {boolean} [isNamed] whether each says of which repair it is */
export function createWaiting(isNamed = false) {
  const element = el("div", { class: "waiting", hidden: true });
  /** @type {(entry: Entry) => boolean} */
  let has = () => false;

  function render() {
    const own = outbox.entries.filter(has);
    element.hidden = own.length === 0;
    fill(element, ...own.map((entry) => (entry.refusal ? refusedPart(entry, entry.refusal, isNamed) : part(entry, isNamed))));
  }

  outbox.onChange(render);
  return {
    element,
    /** @param {(entry: Entry) => boolean} test which entries stand here */
    show(test) {
      has = test;
      render();
    },
  };
}

/** @param {Entry} entry @param {boolean} isNamed */
const stepOf = (entry, isNamed) => [isNamed && entry.name, word("offline_step", entry.step)].filter(Boolean).join(": ");

/** @param {Entry} entry @param {boolean} isNamed */
function part(entry, isNamed) {
  return el("p", { class: "entry" }, icon("wait", "s"), el("span", {}, t("offline.line", { step: stepOf(entry, isNamed), time: since(entry.at) })), drop(entry, t("offline.take_back")));
}

/** @param {Entry} entry @param {string} words */
function drop(entry, words) {
  return el("button", { class: "link", type: "button", "data-drop": entry.step, onclick: () => outbox.drop(entry.id) }, words);
}

/** @param {Entry} entry @param {import("../../outbox/outbox.js").Refusal} refusal @param {boolean} isNamed */
function refusedPart(entry, refusal, isNamed) {
  const advice = refusal.body?.advice?.sentence;
  const why = [refusal.title, advice, ...refusal.reasons].filter(Boolean).join(" ");
  const send = el("button", { class: "btn", type: "button", "data-insist": entry.step, onclick: () => outbox.insist(entry.id, refusal.theirs?.version ?? entry.version) }, t("offline.send_mine"));
  const isOver = refusal.theirs && ["done", "cancelled"].includes(refusal.theirs.status);
  const look = refusal.theirs && el("a", { class: "btn", href: address({ screen: "repairs", repair: refusal.theirs.number }) }, t("offline.look"));
  return el(
    "div",
    { class: "problem", role: "alert" },
    el("p", {}, el("b", {}, t("offline.refused_step", { step: stepOf(entry, isNamed), time: since(entry.at) })), ` ${why}`),
    versions(entry, refusal.theirs),
    el("div", { class: "steps" }, !isOver && send, drop(entry, t("offline.keep_theirs")), look),
  );
}

/** Mine, as the repair was when the action was taken, beside theirs. @param {Entry} entry @param {import("openapi").Repair | null} theirs */
function versions({ fields, body, step }, theirs) {
  if (!theirs || !fields) return null;
  const mine = /** @type {Record<string, any>} */ ({ ...fields, ...(step === "finish" ? { ...body, finished_scope: body.scope, scope: fields.scope, status: "done" } : body) });
  const changed = differences(fields, theirs);
  const names = [...new Set([...changed, ...differences(/** @type {any} */ (mine), fields)])];
  const head = el("tr", {}, el("td", {}), el("th", { scope: "col" }, t("offline.mine")), el("th", { scope: "col" }, t("offline.theirs")));
  const rows = names.map((name) => el("tr", { "data-field": name }, el("th", { scope: "row" }, t(`offline.field.${name}`)), el("td", {}, valueOf(name, mine[name])), el("td", {}, valueOf(name, theirs[name]))));
  return el("table", { class: "versions" }, el("thead", {}, head), el("tbody", {}, ...rows));
}
