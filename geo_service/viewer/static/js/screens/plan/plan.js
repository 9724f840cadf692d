/** "Weekplan": the proposal by day and crew, why each repair has its day, and what gets none. Nothing is stored before somebody accepts a line. */
import { get } from "../../api.js";
import { address } from "../../address.js";
import { el, fill } from "../../dom.js";
import { clock, day, number, t } from "../../i18n.js";
import { defect, repairName } from "../repairs/words.js";
import { createLine } from "./line.js";

/** @typedef {import("openapi").WeekPlan} WeekPlan */
/** @typedef {import("openapi").PlanLoad} PlanLoad */
/** @typedef {import("../../address.js").ViewState} ViewState */

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @returns {import("../panel/panel.js").View}
 */
export function createPlan(state, person) {
  const title = el("h1", { tabindex: "-1" }, t("plan.title"));
  const back = el("a", { class: "btn", href: address({ screen: "repairs", repair: null, list: null }) }, t("plan.back"));
  const again = el("button", { class: "btn", type: "button", onclick: () => load() }, t("plan.again"));
  const team = el("select", { id: "plan-ploeg", onchange: () => state.go({ team: team.value || null }) });
  const filter = el("label", { class: "filter", for: "plan-ploeg", hidden: true }, `${t("repairs.team")} `, team);
  const notice = el("p", { class: "small", role: "status" });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const board = el("div", { class: "board" });
  const element = el("div", { class: "view", hidden: true }, el("div", { class: "board-head" }, title, back, again), filter, notice, problem, board);
  let turn = 0;
  /** @type {WeekPlan | null} */
  let plan = null;

  async function load() {
    const own = ++turn;
    notice.textContent = t("plan.loading");
    problem.hidden = true;
    again.disabled = true;
    try {
      const answer = await get("/plan");
      if (own !== turn) return;
      plan = answer;
      notice.textContent = t("plan.made", { time: clock(answer.computed_at), factor: number(answer.distance.factor, 1) });
      show(answer);
    } catch (error) {
      if (own !== turn) return;
      notice.textContent = "";
      fill(problem, el("p", {}, el("b", {}, t("plan.error")), ` ${/** @type {Error} */ (error).message}`));
      problem.hidden = false;
    } finally {
      if (own === turn) again.disabled = false;
    }
  }

  /** The proposal for all crews; of one crew its own part of that. @param {WeekPlan} whole */
  function show(whole) {
    fill(team, el("option", { value: "" }, t("list.everybody")), ...whole.teams.map(({ id, name }) => el("option", { value: id }, name)));
    team.value = whole.teams.some(({ id }) => id === state.now.team) ? (state.now.team ?? "") : "";
    filter.hidden = whole.teams.length < 2;
    const lines = whole.lines.filter((line) => !team.value || line.team === team.value);
    const part = { ...whole, lines, loads: whole.loads.filter((load) => !team.value || load.team === team.value) };
    const days = part.days.filter((one) => lines.some((line) => line.on === one));
    const empty = lines.length === 0 && el("p", { class: "lead" }, t("plan.none"));
    fill(board, empty, ...days.map((one) => dayPart(part, one)), part.left.length > 0 && leftPart(part.left));
  }

  /** @param {WeekPlan} part @param {string} on */
  function dayPart(part, on) {
    const loads = part.loads.filter((load) => load.on === on && load.added_hours > 0);
    const id = `dag-${on}`;
    return el("section", { "aria-labelledby": id, "data-day": on }, el("h2", { class: "label", id }, day(on)), ...loads.map((load) => crewPart(part, load)));
  }

  /** @param {WeekPlan} part @param {PlanLoad} load */
  function crewPart(part, load) {
    const crew = part.teams.find(({ id }) => id === load.team)?.name ?? load.team;
    const hours = { added: number(load.added_hours, 1), booked: number(load.booked_hours, 1), km: number(load.drive_m / 1000, 1) };
    const lines = part.lines.filter((line) => line.on === load.on && line.team === load.team);
    return el(
      "div",
      { class: "crew" },
      el("h3", {}, crew, " ", el("span", { class: "small" }, t(load.booked_hours > 0 ? "plan.load_booked" : "plan.load", hours))),
      el("ul", { class: "jobs" }, ...lines.map((line) => createLine(line, crew, person))),
    );
  }

  state.onChange((now, before) => {
    if (!isPlan(now)) return;
    if (!before || !isPlan(before)) load();
    else if (plan && now.team !== before.team) show(plan);
  });
  return { element, wants: isPlan, subject: () => t("plan.title") };
}

/** Whether the address asks for the week plan. @param {ViewState} now */
const isPlan = (now) => now.screen === "repairs" && now.list === "plan" && !now.repair && !now.selection;

/** What gets no day, and why. @param {WeekPlan["left"]} left */
function leftPart(left) {
  const rows = left.map((one) =>
    el(
      "li",
      { class: "job plan-line", "data-repair": one.repair.number },
      el("div", { class: "job-place" }, el("h3", {}, nameLink(one)), el("p", { class: "job-what small" }, defect(one.repair))),
      el("p", { class: "job-why" }, one.text),
    ),
  );
  const id = "zonder-dag";
  return el("section", { "aria-labelledby": id }, el("h2", { class: "label", id }, `${t("plan.left")} `, el("span", { class: "count" }, number(left.length, 0))), el("ul", { class: "jobs" }, ...rows));
}

/** @param {Pick<import("openapi").PlanLine, "repair" | "place">} one */
const nameLink = (one) => el("a", { class: "job-name", href: address({ screen: "repairs", repair: one.repair.number, list: null }) }, repairName(one));
