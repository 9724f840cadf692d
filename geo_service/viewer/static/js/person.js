/** Who is signed in: name and department in the bar, the way out, and what to do when the session ends while the page is open. */
import { connection, get, session } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { LANGUAGES, chooseLanguage, currentLanguage, t, word } from "./i18n.js";

/** @typedef {import("openapi").Me} Person */
/** @typedef {ReturnType<typeof createPerson>} Someone */
/** @typedef {keyof Person["permissions"]} Action */

const AGAIN_MS = 15_000;
/** By action of domain/permissions.py: who may do it. `/me` gives them. @type {Partial<Record<Action, {roles: string[], roles_for_others: string[]}>>} */
export const PERMISSIONS = {};

/** @param {Action} action */
export const rolesFor = (action) => PERMISSIONS[action]?.roles ?? [];

/** The roles of people: all who sign in have preferences. */
export const personRoles = () => rolesFor("set preferences");

/** The roles of keys: those of people, and of sites on which citizens report. */
export const keyRoles = () => [...new Set([...personRoles(), ...rolesFor("file reports")])];

/** @param {string | undefined} role @param {Action} action */
export const may = (role = "", action) => rolesFor(action).includes(role);

export function createPerson() {
  const name = el("b", { class: "who-name" });
  const part = el("span", { class: "who-part" });
  const wayOut = el("span", { class: "vh phone-only" });
  const element = el(
    "form",
    { class: "who", method: "post", action: "/logout", hidden: true },
    el("p", { class: "desk-only" }, el("a", { href: "/beheer/voorkeuren" }, el("span", { class: "vh" }, `${t("person.signed_in_as")} `), name, part)),
    el("button", { class: "btn quiet", type: "submit" }, icon("out"), el("span", { class: "desk-only" }, t("person.sign_out")), wayOut),
  );
  const note = el("div", { class: "notice", role: "alert", hidden: true });

  /** @type {Person | null} */
  let current = null;
  /** @type {((me: Person) => void)[]} */
  const listeners = [];

  async function load() {
    /** @type {Person} */
    const me = await get("/me");
    if (!current) adopt(me);
    Object.assign(PERMISSIONS, me.permissions);
    const isAnother = me.role !== current?.role || me.name !== current.name || me.user_id !== current.user_id;
    current = me;
    if (isAnother) for (const listener of listeners) listener(me);
    name.textContent = me.name;
    part.textContent = word("department", me.department) || word("role", me.role);
    wayOut.textContent = `${t("person.sign_out")}: ${me.name}, ${part.textContent}`;
    element.hidden = false;
  }

  /** Silent: a session that has ended is told by `session`, a service that is gone by `connection`. */
  const look = () => load().catch(() => undefined);

  function showSession() {
    note.hidden = !session.isOver;
    element.hidden = session.isOver;
    if (session.isOver) fill(note, icon("out"), el("span", {}, el("b", {}, t("person.signed_out")), " ", signInLink(), `; ${t("person.input_stays")}`));
    else look();
  }

  session.onChange(showSession);
  document.addEventListener("visibilitychange", () => !document.hidden && look());
  connection.onChange(() => !connection.downSince && !current && look());
  setInterval(() => !document.hidden && (session.isOver || !current) && look(), AGAIN_MS);
  return {
    element,
    note,
    load: look,
    get current() {
      return current;
    },
    /** @param {(me: Person) => void} listener is called when somebody has signed in */
    onChange(listener) {
      listeners.push(listener);
      if (current) listener(current);
    },
  };
}

/** Reloads the page in the language of the account. @param {Person} me */
function adopt({ language }) {
  const chosen = LANGUAGES.find((code) => code === language);
  if (chosen && chosen !== currentLanguage()) chooseLanguage(chosen);
}

/** Opens beside this page, so that nothing typed here is lost; it goes on to the same place. */
function signInLink() {
  const link = el("a", { href: "/login", target: "_blank" }, t("person.sign_in"));
  const follow = () => link.setAttribute("href", `/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  link.addEventListener("pointerdown", follow);
  link.addEventListener("focus", follow);
  follow();
  return link;
}
