/** The reports that people take to a meeting: as PDF, and the workbook behind each. */
import { el } from "../../dom.js";
import { t } from "../../i18n.js";

const PAPERS = /** @type {const} */ (["meeting", "college", "quarter"]);

export function papers() {
  const rows = PAPERS.map((name) => {
    const path = `/api/v1/papers/${name}`;
    const title = t(`overview.paper.${name}`);
    return el("li", {}, el("a", { href: path, target: "_blank" }, `${title} (PDF)`), " · ", el("a", { href: `${path}?format=xlsx`, download: "" }, t("overview.paper.xlsx", { name: title })));
  });
  return el("section", { class: "card" }, el("h2", {}, t("overview.papers")), el("ul", {}, ...rows));
}
