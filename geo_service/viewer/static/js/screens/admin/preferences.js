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
  const undelivered = el("p", { class: "problem", role: "alert", hidden: true });
  const form = createForm(
    "admin.preferences.save",
    [
      { name: "language", label: "admin.preferences.language", input: language },
      { name: "notification", label: "admin.preferences.notification", input: notification, hint: t("admin.preferences.notification_hint") },
    ],
    save,
  );
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.preferences.lead")), notice.element, undelivered, form.element);

  /** Only what is another choice is sent: e-mail that cannot be had does not stand in the way of a language. @param {Record<string, string>} chosen */
  async function save(chosen) {
    const { notification: before } = /** @type {Person} */ (person.current);
    const body = { language: chosen.language, ...(chosen.notification !== before && { notification: chosen.notification }) };
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
    undelivered.hidden = !me.mail_problem;
    fill(undelivered, t("admin.preferences.undelivered", { why: me.mail_problem ?? "" }));
  }

  return { element, show };
}
