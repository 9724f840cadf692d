/** Let works open protected ground all the same, for a reason, on record. */
import { change, read } from "../../api.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { day, lastDay, t } from "../../i18n.js";
import { may } from "../../person.js";
import { showProblem } from "./paper.js";

const REASONS = /** @type {const} */ (["emergency", "new_connection", "no_excavation"]);

/** @param {import("../../person.js").Someone} person @param {() => unknown} done */
export function createExemptions(person, done) {
  const rows = el("div", { class: "view" });
  const element = el("section", { "aria-label": t("desk.protected"), hidden: true }, el("h2", { class: "label" }, t("desk.protected")), rows);

  let drawn = "";

  /** @param {import("openapi").Conflict[]} conflicts */
  function show(conflicts) {
    const matter = conflicts.filter((one) => one.moratorium && ["open", "acknowledged", "agreed"].includes(one.status));
    element.hidden = matter.length === 0;
    const content = JSON.stringify([matter.map((one) => [one.id, one.status]), person.current?.role]);
    if (content === drawn) return; // what is typed stays
    drawn = content;
    fill(rows, ...matter.map((one) => exemption(one, person.current?.role ?? "", done)));
  }

  return { element, show };
}

/** @param {import("openapi").Conflict} conflict @param {string} role @param {() => unknown} done */
function exemption(conflict, role, done) {
  const until = [conflict.a, conflict.b].map((side) => side.claim?.moratorium_until).find(Boolean);
  const lead = el("p", {}, t("desk.protected_until", { number: conflict.number ?? "", day: until ? day(lastDay(until)) : "–" }));
  if (!may(role, "exempt")) return el("div", { class: "paper" }, lead);
  const reason = el("select", {}, ...REASONS.map((code) => el("option", { value: code }, t(`desk.exempt.${code}`))));
  const note = el("input", { type: "text", maxlength: "2000", autocomplete: "off" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const path = `/conflicts/${conflict.id}`;

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    problem.hidden = true;
    try {
      const { etag } = await read(path);
      await change(`${path}/exempt`, { reason: reason.value, note: note.value.trim() || null }, etag);
      await done();
    } catch (error) {
      showProblem(problem, error);
    }
  }

  return el("form", { class: "paper", onsubmit: submit }, lead, field("desk.exempt_reason", reason), field("decision.note", note), el("div", { class: "steps" }, el("button", { class: "btn", type: "submit" }, t("desk.make_exempt"))), problem);
}
