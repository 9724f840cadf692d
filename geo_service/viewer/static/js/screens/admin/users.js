/** "Gebruikers": who signs in, with which role, for which department; new people, other roles, new links, and the end. */
import { get, post, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { DEPARTMENTS } from "../../departments.js";
import { moment, t, word } from "../../i18n.js";
import { may, personRoles } from "../../person.js";
import { choice, createForm, sureButton } from "./form.js";
import { createNotice } from "./notice.js";
import { createOnce } from "./once.js";
import { createReader } from "./reader.js";
import { createTable } from "./table.js";

/** @typedef {import("openapi").PersonSeen} Person */

/** @param {import("./admin.js").Tools} tools @returns {import("./admin.js").Part} */
export function createUsers({ person }) {
  const once = createOnce();
  const notice = createNotice();
  const departments = el("ul", { class: "counts" });
  const table = createTable(
    "admin.users.caption",
    [
      { head: "admin.users.name", cell: (/** @type {Person} */ one) => [one.name, " ", el("small", {}, one.email)] },
      { head: "admin.users.department", cell: (/** @type {Person} */ one) => word("department", one.department) || "–" },
      { head: "admin.users.role", cell: roleOf },
      { head: "admin.users.seen", cell: (/** @type {Person} */ one) => (one.seen_at ? moment(one.seen_at) : t("admin.users.never")) },
      { head: "admin.users.steps", cell: steps },
    ],
    (one) => ({ class: one.disabled_at ? "ended" : undefined }),
  );
  const reader = createReader(
    () => get("/users"),
    (/** @type {{items: Person[]}} */ { items }) => {
      table.show(items);
      const active = items.filter((one) => !one.disabled_at);
      const counts = DEPARTMENTS.map((code) => el("li", {}, `${word("department", code)} `, el("b", {}, String(active.filter((one) => one.department === code).length))));
      fill(departments, ...counts);
      return t("admin.users.count", { n: active.length, ended: items.length - active.length });
    },
  );
  const role = choice(personRoles().map((code) => [code, word("role", code)]), "viewer");
  const group = el("input", { type: "text", autocomplete: "off" });
  const form = createForm(
    "admin.users.add",
    [
      { name: "name", label: "admin.users.name", input: el("input", { type: "text", required: true, maxlength: "200", autocomplete: "off" }) },
      { name: "email", label: "admin.users.email", input: el("input", { type: "email", required: true, maxlength: "254", autocomplete: "off" }), hint: t("admin.users.email_hint") },
      { name: "role", label: "admin.users.role", input: role },
      { name: "department", label: "admin.users.department", input: choice([["", "–"], ...DEPARTMENTS.map((code) => /** @type {[string, string]} */ ([code, word("department", code)]))]) },
      { name: "owner_group", label: "admin.users.owner_group", input: group, hint: t("admin.users.owner_group_hint") },
    ],
    async ({ department, owner_group, ...values }) => {
      const made = await post("/users", { ...values, department: department || null, owner_group: owner_group || null });
      form.reset();
      once.show(t("admin.users.link_of", { name: made.name }), made.link);
      await reader.load();
    },
  );
  const adding = el("details", { class: "open-up" }, el("summary", {}, t("admin.users.new")), form.element);
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.users.lead")), once.element, notice.element, departments, adding, reader.element, table.element);

  /** @param {Person} one */
  function steps(one) {
    if (one.disabled_at) return t("admin.users.ended", { at: moment(one.disabled_at) });
    if (one.issuer) return t("admin.users.of_issuer");
    const isMe = one.id === person.current?.user_id;
    const link = el("button", { class: "btn", type: "button", onclick: () => attempt(async () => once.show(t("admin.users.link_of", { name: one.name }), (await post(`/users/${one.id}/link`, {})).link)) }, t("admin.users.link"), el("span", { class: "vh" }, ` ${one.name}`));
    const end = sureButton(t("admin.users.disable"), t("admin.users.disable_sure", { name: one.name }), () => attempt(() => post(`/users/${one.id}/disable`, {}), t("admin.users.disabled", { name: one.name })), one.name);
    return el("div", { class: "steps" }, link, !isMe && end);
  }

  /** @param {Person} one */
  function roleOf(one) {
    const chips = may(one.role, "override") ? [el("span", { class: "chip strong" }, t("admin.users.override"))] : [];
    if (one.disabled_at || one.issuer || one.role === "partner" || one.id === person.current?.user_id) return [word("role", one.role), " ", ...chips];
    const select = choice(personRoles().filter((code) => code !== "partner").map((code) => [code, word("role", code)]), one.role);
    select.setAttribute("aria-label", t("admin.users.role_of", { name: one.name }));
    const changed = () => t("admin.users.changed", { name: one.name, role: word("role", select.value) });
    const give = el("button", { class: "btn", type: "button", hidden: true, onclick: () => attempt(() => send("PATCH", `/users/${one.id}`, { role: select.value }), changed()) }, t("admin.users.give_role"), el("span", { class: "vh" }, ` ${one.name}`));
    select.addEventListener("change", () => (give.hidden = select.value === one.role)); // arrow keys pass by other roles: none is given by them
    return [select, " ", give, " ", ...chips];
  }

  /** @param {() => Promise<unknown>} act @param {string} [done] */
  function attempt(act, done) {
    return notice.attempt(act, reader.load, done);
  }

  return { element, show: () => reader.load() };
}
