/** "Beheer": one screen with a tab per part; a part is fetched when somebody opens it. */
import { el, fill } from "../../dom.js";
import { may, rolesFor } from "../../person.js";
import { fillTabs } from "../../tabs.js";
import { loadScreenWords, t, word } from "../../i18n.js";
import { loadStyle } from "../../style.js";
import { announceSubject } from "../panel/panel.js";

/** @typedef {import("../../address.js").ViewState} ViewState */
/** @typedef {{state: import("../../state.js").State, person: import("../../person.js").Someone, opened: import("../../opened.js").Opened, status: import("../../status.js").StatusSource}} Tools */
/** @typedef {{element: HTMLElement, show: (now: ViewState) => unknown}} Part */
/** `path` in Dutch, as the address says it; `action`: who may see it. @typedef {{path: string, name: string, action: import("../../person.js").Action, load: () => Promise<(tools: Tools) => Part>}} Tab */

/** @type {readonly Tab[]} */
const TABS = [
  { path: "bronnen", name: "sources", action: "import", load: async () => (await import("./sources.js")).createSources },
  { path: "inlezen", name: "upload", action: "import", load: async () => (await import("./upload.js")).createUpload },
  { path: "abonnementen", name: "subscriptions", action: "subscribe", load: async () => (await import("./subscriptions.js")).createSubscriptions },
  { path: "gebruikers", name: "users", action: "manage users", load: async () => (await import("./users.js")).createUsers },
  { path: "sleutels", name: "keys", action: "manage keys", load: async () => (await import("./keys.js")).createKeys },
  { path: "logboek", name: "log", action: "read audit", load: async () => (await import("./log.js")).createLog },
  { path: "instellingen", name: "settings", action: "read settings", load: async () => (await import("./settings.js")).createSettings },
  { path: "start", name: "start", action: "read checklist", load: async () => (await import("./start.js")).createStart },
  { path: "voorkeuren", name: "preferences", action: "set preferences", load: async () => (await import("./preferences.js")).createPreferences },
];

/**
 * @param {Tools["state"]} state
 * @param {Tools["person"]} person
 * @param {Tools["opened"]} opened
 * @param {Tools["status"]} status
 * @returns {Promise<import("../panel/panel.js").View[]>}
 */
export async function createAdmin(state, person, opened, status) {
  await Promise.all([loadScreenWords("admin"), loadStyle(new URL("../../../css/admin.css", import.meta.url))]);
  const title = el("h1", { class: "screen-name", tabindex: "-1" }, t("screen.admin"));
  const tabs = el("nav", { class: "tabs", "aria-label": t("admin.parts") });
  const body = el("div", { class: "admin-part" });
  const element = el("div", { class: "view", hidden: true }, el("div", { class: "board-head" }, title, tabs), body);
  /** @type {Map<Tab, Part>} */
  const parts = new Map();

  /** @param {ViewState} now */
  async function show(now) {
    if (now.screen !== "admin") return;
    const role = person.current?.role;
    if (!role) return;
    const mine = TABS.filter((tab) => may(role, tab.action));
    const tab = now.part ? TABS.find((one) => one.path === now.part) : mine[0];
    title.textContent = tab ? t(`admin.tab.${tab.name}`) : t("screen.admin");
    announceSubject(element);
    fillTabs(tabs, ...mine.map((one) => link(one, one === tab)), el("a", { href: "/regels", class: "phone-only" }, t("screen.rules")));
    if (!tab) return fill(body, el("p", { class: "lead" }, t(now.part ? "admin.unknown" : "admin.no_right", { role: word("role", role) })));
    if (!may(role, tab.action)) {
      return fill(body, el("p", { class: "lead" }, t("admin.only_for", { roles: rolesFor(tab.action).map((one) => word("role", one)).join(", "), role: word("role", role) })));
    }
    const part = parts.get(tab) ?? (await tab.load())({ state, person, opened, status });
    parts.set(tab, part);
    if (state.now.part !== now.part) return;
    if (body.firstChild !== part.element || body.childNodes.length > 1) fill(body, part.element);
    part.show(state.now);
  }

  const open = () => show(state.now).catch((error) => fill(body, el("div", { class: "problem", role: "alert" }, el("p", {}, /** @type {Error} */ (error).message))));
  state.onChange(open);
  person.onChange(open);
  const subject = () => [title.textContent, t("screen.admin")].filter((words, n) => n === 0 || words !== title.textContent).join(" · ");
  return [{ element, wants: (now) => now.screen === "admin" && !now.selection, subject }];
}

/** @param {Tab} tab @param {boolean} isHere */
function link(tab, isHere) {
  const made = el("a", { href: `/beheer/${tab.path}` }, t(`admin.tab.${tab.name}`));
  if (isHere) made.setAttribute("aria-current", "page");
  return made;
}
