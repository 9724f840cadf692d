/** What goes along at the handover of a building project: whom to call, and files. Each look is on record. */
import { get, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { day, dayOf, loadScreenWords, number, t } from "../../i18n.js";
import { may } from "../../person.js";
import { loadStyle } from "../../style.js";
import { sureButton } from "../admin/form.js";
import { showProblem } from "../cases/paper.js";
import { peopleToCall } from "../contacts/contacts.js";

/** @typedef {import("openapi").ProjectFile} ProjectFile */

/** @param {import("openapi").Project} project @param {string | undefined} role */
export async function handoverPart(project, role) {
  await Promise.all([loadScreenWords("desk"), loadStyle(new URL("../../../css/decision.css", import.meta.url))]);
  const mayWrite = may(role, "write projects");
  const people = may(role, "see contacts") && peopleToCall("building-projects", project.id, t("overview.project.people"), t("overview.project.nobody"), mayWrite);
  const files = may(role, "see attachments") && filesPart(project, mayWrite);
  return el("section", { class: "handover", "aria-label": t("overview.project.handover_on") }, people, files);
}

/** @param {import("openapi").Project} project @param {boolean} mayWrite */
function filesPart(project, mayWrite) {
  const path = `/building-projects/${encodeURIComponent(project.id)}/files`;
  const list = el("div");
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const input = el("input", { type: "file", multiple: true, accept: "application/pdf,image/jpeg,image/png,image/webp", "aria-label": t("overview.project.add_files"), onchange: add });
  const adding = mayWrite && el("div", {}, input, el("p", { class: "small" }, t("overview.project.files_hint")));
  const progress = el("p", { class: "small", role: "status" });
  const summary = el("summary", {}, t("overview.project.files", { n: project.files }));
  const details = el("details", { class: "open-up" }, summary, list, adding, progress, problem);
  details.addEventListener("toggle", () => details.open && guard(load));

  /** @param {() => Promise<unknown>} act */
  async function guard(act) {
    problem.hidden = true;
    try {
      await act();
    } catch (error) {
      showProblem(problem, error);
    }
  }

  async function load() {
    show((await get(path)).items);
  }

  /** @param {ProjectFile[]} files */
  function show(files) {
    const rows = files.map((one) => el("li", {}, el("a", { class: "file", href: `/api/v1${path}/${encodeURIComponent(one.id)}`, download: "" }, one.title), ` (${t(`overview.file.${one.kind}`)}, ${number(Math.max(1, one.bytes / 1024), 0)} kB, ${day(dayOf(one.created_at))}) `, mayWrite && remover(one)));
    fill(summary, t("overview.project.files", { n: files.length }));
    fill(list, rows.length > 0 ? el("ul", {}, ...rows) : el("p", { class: "small" }, t("overview.project.no_files")));
  }

  /** @param {ProjectFile} file */
  const remover = (file) => sureButton(t("overview.project.remove_file"), t("overview.project.remove_file_sure"), () => guard(() => send("DELETE", `${path}/${encodeURIComponent(file.id)}`).then(load)), file.title);

  /** Each file by itself: on a slow line five of them take longer than one answer may. */
  async function add() {
    const files = [...(input.files ?? [])];
    input.disabled = true;
    await guard(async () => {
      try {
        for (const [before, file] of files.entries()) {
          fill(progress, t("overview.project.sending", { n: before + 1, total: files.length, name: file.name }));
          const form = new FormData();
          form.append("file", file);
          await send("POST", path, form);
        }
      } finally {
        await load();
      }
    });
    fill(progress);
    input.value = "";
    input.disabled = false;
  }

  return details;
}
