/** "Mijn voorkeuren": the language of the page and which alerts come by e-mail. They belong to the account, so that they are there on any device. */
import { change } from "../../api.js";
import { el, fill } from "../../dom.js";
import { LANGUAGES, chooseLanguage, currentLanguage, t, word } from "../../i18n.js";
import { choice, createForm } from "./form.js";
import { createNotice } from "./notice.js";

/** @typedef {import("openapi").Me} Person */

const NOTIFICATIONS = ["off", "digest", "critical"];

/** @param {import("./admin.js").Tools} tools @returns {import("./admin.js").Part} */
export function createPreferences({ person }) {
  const notice = createNotice();
  const language = choice(LANGUAGES.map((code) => [code, word("admin_language", code)]));
  const notification = choice(NOTIFICATIONS.map((code) => [code, word("admin_notification", code)]));
  const from = el("input", { type: "time" });
  const until = el("input", { type: "time" });
  const snooze = el("input", { type: "datetime-local" });
  const undelivered = el("p", { class: "problem", role: "alert", hidden: true });
  const form = createForm(
    "admin.preferences.save",
    [
      { name: "language", label: "admin.preferences.language", input: language },
      { name: "notification", label: "admin.preferences.notification", input: notification, hint: t("admin.preferences.notification_hint") },
      { name: "quiet_from", label: "admin.preferences.quiet_from", input: from, hint: t("admin.preferences.quiet_hint") },
      { name: "quiet_until", label: "admin.preferences.quiet_until", input: until },
      { name: "snoozed_until", label: "admin.preferences.snooze", input: snooze, hint: t("admin.preferences.snooze_hint") },
    ],
    save,
  );
  const account = el("p", {}, el("a", { href: "/account" }, t("admin.preferences.account")));
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.preferences.lead")), notice.element, undelivered, form.element, account);

  /** Only what is another choice is sent: e-mail that cannot be had does not stand in the way of a language. @param {Record<string, string>} chosen */
  async function save(chosen) {
    const me = /** @type {Person} */ (person.current);
    const hours = chosen.quiet_from && chosen.quiet_until ? { from: chosen.quiet_from, until: chosen.quiet_until } : null;
    const isHalf = Boolean(chosen.quiet_from) !== Boolean(chosen.quiet_until);
    if (isHalf) throw new Error(t("admin.preferences.quiet_both"));
    const body = {
      language: chosen.language,
      ...(chosen.notification !== me.notification && { notification: chosen.notification }),
      ...(JSON.stringify(hours) !== JSON.stringify(me.quiet_hours) && { quiet_hours: hours }),
      ...(chosen.snoozed_until !== localTime(me.snoozed_until) && { snoozed_until: chosen.snoozed_until ? new Date(chosen.snoozed_until ?? "").toISOString() : null }),
    };
    await change("/me", body, "", "PATCH");
    await person.load();
    if (chosen.language !== currentLanguage()) chooseLanguage(chosen.language === "en" ? "en" : "nl");
    show();
    notice.show(t("admin.preferences.saved"));
  }

  function show() {
    const me = person.current;
    if (!me) return;
    language.value = currentLanguage();
    notification.value = me.notification ?? "off";
    from.value = me.quiet_hours?.from ?? "";
    until.value = me.quiet_hours?.until ?? "";
    snooze.value = localTime(me.snoozed_until);
    undelivered.hidden = !me.mail_problem;
    fill(undelivered, t("admin.preferences.undelivered", { why: me.mail_problem ?? "" }));
  }

  return { element, show };
}

/** An instant still to come as a field of this device's clock has it; empty when it has passed. @param {string | null} instant */
function localTime(instant) {
  if (!instant || new Date(instant) <= new Date()) return "";
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
