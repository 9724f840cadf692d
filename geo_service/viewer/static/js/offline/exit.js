/**
 * Signing out leaves nothing of a person on the device. What waits is not thrown away unasked; without network the data go at once, and the
 * session ends as soon as the service can be told.
 */
import { connection } from "../api.js";
import { dialog, el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { outbox } from "../outbox/outbox.js";

const LEAVING = "geo-service.leaving";

/** @param {HTMLFormElement} form that signs out */
export function guardExit(form) {
  const words = el("p", {});
  const go = el("button", { class: "btn primary", type: "button" }, t("offline.leave_anyway"));
  const box = dialog("afmelden", t("person.sign_out"), t("offline.stay"), words, go);
  document.body.append(box);

  async function leave() {
    box.close();
    for (const entry of outbox.entries) await outbox.drop(entry.id);
    await forget();
    if (!connection.downSince && navigator.onLine) return form.submit();
    localStorage.setItem(LEAVING, "1");
    sayGone(form);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const waiting = outbox.entries.length;
    if (waiting === 0) {
      leave();
      return;
    }
    words.textContent = t("offline.leave_with_queue", { n: waiting });
    box.showModal();
  });
  go.addEventListener("click", leave);
  if (localStorage.getItem(LEAVING)) sayGone(form);
}

/** The page is empty until the service can be told. @param {HTMLFormElement} form */
async function sayGone(form) {
  await forget();
  fill(document.body, el("main", { class: "gone" }, el("p", { role: "alert" }, el("b", {}, t("offline.gone")), ` ${t("offline.gone_until")}`)));
  document.body.append(form);
  form.hidden = true;
  const tell = () => {
    if (connection.downSince || !navigator.onLine) return;
    localStorage.removeItem(LEAVING);
    form.submit();
  };
  connection.onChange(tell);
  addEventListener("online", tell);
  tell();
}

/** What the worker kept for this person. */
const forget = () => Promise.all(["kept", "tiles"].map((name) => globalThis.caches?.delete(name)));
