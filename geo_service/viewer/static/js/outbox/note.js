/** Below the bar: how many actions wait, and why. */
import { connection, session } from "../api.js";
import { address } from "../address.js";
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";
import { outbox } from "./outbox.js";

export function createQueueNote() {
  const note = el("div", { class: "notice queue", role: "status", hidden: true });

  function show() {
    const refused = outbox.entries.filter((entry) => entry.refusal).length;
    const waiting = outbox.entries.length - refused;
    const isLate = waiting > 0 && (connection.downSince || session.isOver);
    const words = [
      refused > 0 && t("offline.refused", { n: refused }),
      isLate && t("offline.waiting", { n: waiting }),
      isLate && t(session.isOver ? "offline.until_signed_in" : "offline.until_connected"),
      outbox.foreign > 0 && t("offline.foreign", { n: outbox.foreign }),
    ].filter((one) => one !== false);
    note.hidden = words.length === 0;
    fill(note, icon("wait"), el("span", {}, `${words.join(" ")} `, refused + waiting > 0 && el("a", { href: address({ screen: "repairs", repair: null, list: null, selection: null, case: null }) }, t("offline.show"))));
  }

  outbox.onChange(show);
  connection.onChange(show);
  session.onChange(show);
  return note;
}
