/** The screens beside the first: each is fetched when the address first asks for it. */

/** @typedef {import("./panel/panel.js").Screen} Screen */

/**
 * @param {import("../state.js").State} state
 * @param {import("../person.js").Someone} person
 * @param {import("../opened.js").Opened} opened
 * @param {import("../status.js").StatusSource} status
 * @returns {Screen[]} the first that wants to be in view is
 */
export function createScreens(state, person, opened, status) {
  return [
    {
      wants: (now) => Boolean(now.selection),
      load: async () => (await import("./detail/screen.js")).loadDetail(status, state, person, opened),
    },
    {
      wants: (now) => now.screen === "repairs" && Boolean(now.repair),
      load: async () => [await (await import("./repairs/repair.js")).loadRepair(state, person, opened, status)],
    },
    {
      wants: (now) => now.screen === "repairs",
      load: async () => (await import("./repairs/repairs.js")).createRepairs(state, person, status),
    },
    {
      wants: (now) => now.screen === "cases" && Boolean(now.case),
      load: async () => (await import("./cases/cases.js")).loadCase(opened, state, person, status),
    },
    {
      wants: (now) => now.screen === "cases",
      load: async () => (await import("./cases/cases.js")).loadInbox(state, person, status),
    },
    {
      wants: (now) => now.screen === "overview",
      load: async () => (await import("./overview/screen.js")).loadOverview(status, state, person),
    },
    {
      wants: (now) => now.screen === "rules",
      load: async () => (await import("./rules/rules.js")).createRules(state, person, opened),
    },
    {
      wants: (now) => now.screen === "admin",
      load: async () => (await import("./admin/admin.js")).createAdmin(state, person, opened, status),
    },
    {
      wants: (now) => now.list === "conflicts",
      load: async () => [(await import("./list/list.js")).createConflictList(state, person)],
    },
  ];
}
