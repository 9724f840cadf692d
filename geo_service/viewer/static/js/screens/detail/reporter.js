/** The door before personal data: a button on a repair, for those who call people back. Each press is a look, and each look is on record. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { t } from "../../i18n.js";

/** The service says of a repair whether there is anything behind the door, to those who may open it only. @param {import("openapi").RepairInFull} repair */
export function reporterDoor({ id, has_personal_data }) {
  if (!has_personal_data) return null;
  const button = el("button", { class: "btn", type: "button", "aria-expanded": "false", onclick: turn }, t("repairs.reporter"));
  const note = el("p", { class: "tiny" }, t("repairs.reporter_on_record"));
  const room = el("div", { class: "view" });

  function turn() {
    if (button.getAttribute("aria-expanded") === "true") close();
    else open();
  }

  function close() {
    fill(room);
    button.setAttribute("aria-expanded", "false");
    button.textContent = t("repairs.reporter");
  }

  async function open() {
    button.disabled = true;
    try {
      const [{ loadReport }, report] = await Promise.all([import("./report.js"), get(`/repairs/${encodeURIComponent(id)}/reporter`)]);
      fill(room, ...(await loadReport(report)));
      button.setAttribute("aria-expanded", "true");
      button.textContent = t("repairs.reporter_close");
    } catch (error) {
      fill(room, el("div", { class: "problem", role: "alert" }, el("p", {}, icon("block", "s"), " ", /** @type {Error} */ (error).message)));
    }
    button.disabled = false;
  }

  return el("section", { class: "reporter" }, button, note, room);
}
