/** "Logboek": who did what to which thing, when; filtered, page by page, and as a file. */
import { get } from "../../api.js";
import { loadGroups } from "../../groups.js";
import { el } from "../../dom.js";
import { moment, shiftDay, t, word } from "../../i18n.js";
import { choice } from "./form.js";
import { field } from "../../fields.js";
import { createReader } from "./reader.js";
import { createTable } from "./table.js";
import { factWords } from "./words.js";

/** @typedef {import("openapi").AuditEntry} Entry */

const PAGE = 100;
/** As store/audit.py. */
const ACTIONS = [
  "signed_in", "sign_in_failed", "sign_in_refused", "signed_out", "password_set", "second_factor_set", "second_factor_removed", "paper_codes_renewed", "sessions_ended", "link_created", "user_created", "user_disabled", "role_changed",
  "key_created", "key_rotated", "key_revoked", "parameter_set", "record_written", "refused", "reporter_seen", "photo_seen", "attachment_seen", "contacts_seen", "personal_data_exported", "personal_data_erased",
  "personal_data_purged", "personal_data_resealed", "audit_exported",
];
/** Key in the address, by the name that the service knows. */
const FILTERS = /** @type {const} */ ({ who: "wie", action: "daad", thing: "wat", from: "van", to: "tot" });

/** @returns {import("./admin.js").Part} */
export function createLog() {
  const inputs = {
    who: el("input", { type: "search", autocomplete: "off" }),
    action: choice([["", t("admin.log.every")], ...ACTIONS.map((code) => /** @type {[string, string]} */ ([code, word("admin_act", code)]))]),
    thing: el("input", { type: "search", autocomplete: "off", placeholder: "user:…" }),
    from: el("input", { type: "date" }),
    to: el("input", { type: "date" }),
  };
  const file = el("a", { class: "btn" }, t("admin.log.csv"));
  const table = createTable("admin.log.caption", [
    { head: "admin.log.at", cell: (/** @type {Entry} */ one) => moment(one.at) },
    { head: "admin.log.who", cell: (/** @type {Entry} */ one) => one.who },
    { head: "admin.log.action", cell: (/** @type {Entry} */ one) => word("admin_act", one.action) },
    { head: "admin.log.thing", cell: (/** @type {Entry} */ one) => el("code", {}, one.thing) },
    { head: "admin.log.facts", cell: facts },
  ]);
  /** @type {Entry[]} */
  let items = [];
  /** @type {string | null} */
  let next = null;
  const more = el("button", { class: "btn", type: "button", hidden: true, onclick: () => further() }, t("cases.more"));
  const reader = createReader(
    async () => (await Promise.all([get(`/audit?limit=${PAGE}&${query(next)}`), loadGroups()]))[0],
    (/** @type {{items: Entry[], next: string | null, total: number}} */ page) => {
      items = [...items, ...page.items];
      next = page.next;
      table.show(items);
      more.hidden = next === null;
      return page.total === 0 ? t("admin.log.none") : t("admin.log.count", { n: page.total, shown: items.length });
    },
  );
  const form = el(
    "form",
    { class: "criteria", role: "search", "aria-label": t("admin.tab.log"), onsubmit: (/** @type {Event} */ event) => event.preventDefault(), onchange: () => filter() },
    field("admin.log.who", inputs.who, t("admin.log.who_hint")),
    field("admin.log.action", inputs.action),
    field("admin.log.thing", inputs.thing),
    field("admin.log.from", inputs.from),
    field("admin.log.to", inputs.to),
  );
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.log.lead")), form, el("div", { class: "board-head" }, reader.element, file), table.element, more);

  function filter() {
    const wanted = new URLSearchParams();
    for (const [name, key] of Object.entries(FILTERS)) {
      const { value } = inputs[/** @type {keyof typeof inputs} */ (name)];
      if (value.trim()) wanted.set(key, value.trim());
    }
    history.pushState(null, "", wanted.size > 0 ? `/beheer/logboek?${wanted}` : "/beheer/logboek");
    restart();
  }

  function restart() {
    const wanted = new URLSearchParams(location.search);
    for (const [name, key] of Object.entries(FILTERS)) inputs[/** @type {keyof typeof inputs} */ (name)].value = wanted.get(key) ?? "";
    file.setAttribute("href", `/api/v1/audit.csv?${query(null)}`);
    items = [];
    next = null;
    reader.forget();
    reader.load();
  }

  const further = () => reader.load();

  /** @param {string | null} cursor */
  function query(cursor) {
    const parts = new URLSearchParams();
    for (const name of /** @type {const} */ (["who", "action", "thing", "from"])) if (inputs[name].value.trim()) parts.set(name, inputs[name].value.trim());
    if (inputs.to.value) parts.set("to", shiftDay(inputs.to.value, 1));
    if (cursor) parts.set("cursor", cursor);
    return parts;
  }

  return { element, show: restart };
}

/** @param {Entry} entry */
function facts(entry) {
  const words = factWords(entry.facts);
  return words ? el("small", {}, words) : "–";
}
