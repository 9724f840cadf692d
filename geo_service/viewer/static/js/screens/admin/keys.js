/** "Sleutels": API keys of machines. A key is shown once, when it is made or rotated. */
import { get, post, send } from "../../api.js";
import { groupName, loadGroups } from "../../groups.js";
import { el } from "../../dom.js";
import { moment, t, word } from "../../i18n.js";
import { keyRoles } from "../../person.js";
import { choice, createForm, sureButton } from "./form.js";
import { createNotice } from "./notice.js";
import { createOnce } from "./once.js";
import { createReader } from "./reader.js";
import { createTable } from "./table.js";
import { ALL, scopeWords } from "./words.js";

/** @typedef {import("openapi").Key} Key */

/** What a key can be for, as domain/scopes.py: each may be read, and most may be written. */
const RESOURCES = ["works", "repairs", "conflicts", "advice", "alerts", "imports", "reference", "rules", "audit"];
const ONLY_READ = ["advice", "reference", "audit"];
const SCOPES = [ALL, "*:read", ...RESOURCES.flatMap((name) => [`${name}:read`, ...(ONLY_READ.includes(name) ? [] : [`${name}:write`])])];

/** @returns {import("./admin.js").Part} */
export function createKeys() {
  const once = createOnce();
  const notice = createNotice();
  const table = createTable(
    "admin.keys.caption",
    [
      { head: "admin.keys.name", cell: (/** @type {Key} */ one) => one.name },
      { head: "admin.keys.role", cell: (/** @type {Key} */ one) => [word("role", one.role), one.owner_group && ` · ${groupName(one.owner_group)}`] },
      { head: "admin.keys.scopes", cell: (/** @type {Key} */ one) => one.scopes.map(scopeWords).join(", ") },
      { head: "admin.keys.state", cell: (/** @type {Key} */ one) => el("span", { class: one.state === "expires_soon" ? "chip strong" : "chip" }, word("key_state", one.state)) },
      { head: "admin.keys.expires", cell: (/** @type {Key} */ one) => (one.expires_at ? moment(one.expires_at) : t("admin.keys.no_end")) },
      { head: "admin.keys.used", cell: (/** @type {Key} */ one) => (one.last_used_at ? moment(one.last_used_at) : t("admin.keys.unused")) },
      { head: "admin.users.steps", cell: steps },
    ],
    (one) => ({ class: one.state === "revoked" || one.state === "expired" ? "ended" : undefined }),
  );
  const reader = createReader(
    async () => (await Promise.all([get("/keys"), loadGroups()]))[0],
    (/** @type {{items: Key[]}} */ { items }) => {
      table.show(items.toReversed());
      const soon = items.filter((one) => one.state === "expires_soon").length;
      return items.length === 0 ? t("admin.keys.none") : t("admin.keys.count", { n: items.length, soon });
    },
  );
  const boxes = SCOPES.map((scope) => el("input", { type: "checkbox", value: scope, checked: scope === ALL }));
  const scopes = el("fieldset", { class: "choices" }, el("legend", {}, t("admin.keys.scopes")), ...boxes.map((box) => el("label", {}, box, el("span", {}, scopeWords(box.value)))));
  for (const box of boxes) box.addEventListener("change", () => box.checked && narrow(box));
  const form = createForm(
    "admin.keys.make",
    [
      { name: "name", label: "admin.keys.name", input: el("input", { type: "text", required: true, maxlength: "200", autocomplete: "off" }), hint: t("admin.keys.name_hint") },
      { name: "role", label: "admin.keys.role", input: choice(keyRoles().map((code) => [code, word("role", code)]), "viewer") },
      { name: "owner_group", label: "admin.users.owner_group", input: el("input", { type: "text", autocomplete: "off" }), hint: t("admin.users.owner_group_hint") },
      { name: "days", label: "admin.keys.days", input: el("input", { type: "number", min: "1", max: "3650", inputmode: "numeric" }), hint: t("admin.keys.days_hint") },
    ],
    async ({ name, role, owner_group, days }) => {
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      const made = await post("/keys", { name, role, scopes: chosen, owner_group: owner_group || null, days: days ? Number(days) : null });
      form.reset();
      once.show(t("admin.keys.key_of", { name: made.name }), made.key);
      await reader.load();
    },
    [scopes],
  );
  const adding = el("details", { class: "open-up" }, el("summary", {}, t("admin.keys.new")), form.element);
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.keys.lead")), once.element, notice.element, adding, reader.element, table.element);

  /** Everything, or what is named. @param {HTMLInputElement} box */
  function narrow(box) {
    for (const other of boxes) if (other !== box && (box.value === ALL || other.value === ALL)) other.checked = false;
  }

  /** @param {Key} one */
  function steps(one) {
    if (one.state === "revoked" || one.state === "expired") return "–";
    const rotate = sureButton(t("admin.keys.rotate"), t("admin.keys.rotate_sure"), () => attempt(async () => once.show(t("admin.keys.key_of", { name: one.name }), (await post(`/keys/${one.id}/rotate`, {})).key)), one.name);
    const revoke = sureButton(t("admin.keys.revoke"), t("admin.keys.revoke_sure"), () => attempt(() => send("DELETE", `/keys/${one.id}`), t("admin.keys.revoked", { name: one.name })), one.name);
    return el("div", { class: "steps" }, rotate, revoke);
  }

  /** @param {() => Promise<unknown>} act @param {string} [done] */
  function attempt(act, done) {
    return notice.attempt(act, reader.load, done);
  }

  return { element, show: () => reader.load() };
}
