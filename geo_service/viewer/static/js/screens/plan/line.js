/** One line of the week plan: a repair, why that day, and the button that gives it that day, or takes it back. */
import { change, get, post } from "../../api.js";
import { address } from "../../address.js";
import { el, fill } from "../../dom.js";
import { day, number, t } from "../../i18n.js";
import { may } from "../../person.js";
import { defect, repairName } from "../repairs/words.js";

/** @typedef {import("openapi").PlanLine} PlanLine */
/** @typedef {import("openapi").Accepted} Accepted */

/** @param {PlanLine} line @param {string} crew its name @param {import("../../person.js").Someone} person */
export function createLine(line, crew, person) {
  const name = el("a", { class: "job-name", href: address({ screen: "repairs", repair: line.repair.number, list: null }) });
  fill(name, el("span", { class: "stop-number" }, el("span", { class: "vh" }, `${t("repairs.stop")} `), number(line.stop, 0)), repairName(line));
  const danger = line.repair.urgency === "danger" && el("b", { class: "danger" }, ` · ${t("urgency.danger")}`);
  const why = el("ul", { class: "job-why reasons" }, ...line.reasons.map(({ text }) => el("li", {}, text)));
  const button = el("button", { class: "btn primary", type: "button", onclick: press });
  const notice = el("p", { class: "small", role: "status" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const mayPlan = may(person.current?.role, "write repairs");
  /** The repair as it stands; accepted: with its day. */
  let repair = line.repair;
  let accepted = false;

  async function press() {
    button.disabled = true;
    problem.hidden = true;
    try {
      if (accepted) await undo();
      else await accept();
    } catch (error) {
      say(/** @type {Error} */ (error).message);
    }
    button.disabled = false;
    render();
  }

  async function accept() {
    const choice = { repair_id: repair.id, team: line.team, on: line.on, version: repair.version };
    /** @type {Accepted} */
    const { lines } = await post("/plan/accept", { lines: [choice] });
    const outcome = lines[0];
    accepted = Boolean(outcome?.accepted);
    if (accepted && outcome?.repair) repair = outcome.repair;
    else say(outcome?.message ?? "");
  }

  async function undo() {
    await change(`/repairs/${repair.id}`, { planned: null }, `"${repair.version}"`, "PATCH");
    repair = await get(`/repairs/${repair.id}`);
    accepted = false;
  }

  /** @param {string} message */
  function say(message) {
    problem.textContent = message;
    problem.hidden = false;
  }

  function render() {
    button.textContent = t(accepted ? "plan.undo" : "plan.accept");
    button.classList.toggle("primary", !accepted);
    notice.textContent = accepted ? t("plan.accepted", { day: day(line.on), crew }) : "";
  }

  render();
  return el(
    "li",
    { class: "job plan-line", "data-repair": line.repair.number },
    el("div", { class: "job-place" }, el("h4", {}, name), el("p", { class: "job-what small" }, defect(line.repair), danger)),
    why,
    el("div", { class: "actions" }, mayPlan && button, notice, problem),
  );
}
