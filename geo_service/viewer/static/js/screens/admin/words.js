/** Codes of the administration in words: what a key is for, and the facts of the log. */
import { groupName } from "../../groups.js";
import { day, moment, t, word } from "../../i18n.js";

/** The scope of a key without any limit, as domain/scopes.py. */
export const ALL = "*";

/** "werken lezen": what a scope lets a key do. @param {string} scope */
export function scopeWords(scope) {
  if (scope === ALL) return t("admin.keys.everything");
  const [resource, access] = scope.split(":");
  return t(`admin_access.${access}`, { what: word("admin_scope", resource) });
}

/** @param {string} code */
const role = (code) => word("role", code);
/** How a fact is said, by its name; the others stand as they are. @type {Record<string, (value: any) => string>} */
const SAID = {
  role,
  before: role,
  after: role,
  department: (code) => word("department", code),
  owner_group: groupName,
  scopes: (scopes) => scopes.map(scopeWords).join(", "),
  ends_at: moment,
  reason: (code) => word("admin_refusal", code),
  closed_until: day,
};

/** "rol: Lezer · dienst: Nutsen": the facts of an entry of the log that are known. @param {Record<string, any>} facts */
export function factWords(facts) {
  const entries = Object.entries(facts).filter(([, value]) => value !== null);
  return entries.map(([name, value]) => `${word("admin_fact", name)}: ${(SAID[name] ?? plain)(value)}`).join(" · ");
}

/** @param {any} value */
function plain(value) {
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
