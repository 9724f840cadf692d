/** The verdict card: word, icon and surface, with the sentence that explains it. */
import { el, fill, icon } from "../../dom.js";
import { t } from "../../i18n.js";

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
  const status = el("div", { class: "says", role: "status" });

  /** @param {string} verdict @param {string} title @param {string} sentence */
  function card(verdict, title, sentence) {
    const face = FACES[verdict] ?? UNKNOWN;
    fill(status, el("div", { class: `verdict ${face.look}`, "data-verdict": verdict }, icon(face.icon), el("strong", {}, title), el("p", {}, sentence)));
  }

  return {
    element: status,
    clear: () => fill(status),
    loading: () => fill(status, el("div", { class: "skeleton" }, el("span", { class: "vh" }, t("check.loading")), el("i"), el("i"), el("i"))),
    /** @param {import("openapi").AskedAdvice} advice @param {boolean} stale */
    show(advice, stale) {
      const title = stale ? t("check.provisional", { title: advice.title }) : advice.title;
      card(advice.verdict, title, advice.sentence);
    },
    /** Danger does not wait for an answer: it is made safe, whatever is planned there. */
    showSafe: () => card("make_safe", t("verdict.make_safe.title"), t("check.safe_without_answer")),
  };
}
