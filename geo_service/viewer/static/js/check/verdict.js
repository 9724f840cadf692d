/** The verdict card: word, icon and surface, with the sentence that explains it. */
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {{look: string, icon: "repair" | "safe" | "wait" | "combine" | "recover" | "coord"}} Face */

/** @type {Record<string, Face>} */
const FACES = {
  repair: { look: "v-repair", icon: "repair" },
  make_safe: { look: "v-safe", icon: "safe" },
  wait: { look: "v-wait", icon: "wait" },
  combine: { look: "v-combine", icon: "combine" },
  recover: { look: "v-recover", icon: "recover" },
  coordinate: { look: "v-coord", icon: "coord" },
};
/** @type {Face} */
const UNKNOWN = { look: "v-coord", icon: "coord" };

/** The place where verdicts are spoken (role=status); it stays in the page, its content changes. */
export function createVerdict() {
  const status = el("div", { role: "status" });
  return {
    element: status,
    clear: () => fill(status),
    loading: () => fill(status, el("div", { class: "skeleton" }, el("span", { class: "vh" }, t("check.loading")), el("i"), el("i"), el("i"))),
    /** @param {import("../types.js").Advice} advice @param {boolean} stale */
    show(advice, stale) {
      const face = FACES[advice.verdict] ?? UNKNOWN;
      const title = stale ? t("check.provisional", { title: advice.title }) : advice.title;
      fill(
        status,
        el("div", { class: `verdict ${face.look}`, "data-verdict": advice.verdict }, icon(face.icon), el("strong", {}, title), el("p", {}, advice.sentence)),
      );
    },
  };
}
