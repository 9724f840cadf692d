/** Says when the service is of a newer version than the page that is open. Reloading is up to who works in it. */
import { el } from "../dom.js";
import { t } from "../i18n.js";

const OWN = `shell-${/\/v-([^/]+)\//.exec(import.meta.url)?.[1]}`;

export function createUpgradeNote() {
  const again = el("button", { class: "link", type: "button", onclick: () => location.reload() }, t("offline.reload"));
  const note = el("div", { class: "notice", role: "status", hidden: true }, el("span", {}, t("offline.new_version"), " ", again));
  navigator.serviceWorker?.addEventListener("controllerchange", async () => {
    note.hidden = (await caches.keys()).includes(OWN);
  });
  return note;
}
