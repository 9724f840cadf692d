/** The verdict card: word, icon and surface, with the sentence that explains it. */
import { el, fill, icon } from "../../dom.js";
import { clock, dayOf, moment, t } from "../../i18n.js";

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

/** @param {string} verdict */
export const faceOf = (verdict) => FACES[verdict] ?? UNKNOWN;

/** "Zonet gewijzigd, om 14:05", with the day where that is past. @param {string | Date} instant */
export function changedAt(instant) {
  const isToday = dayOf(instant) === dayOf(new Date());
  return isToday ? t("check.changed", { time: clock(instant) }) : t("check.changed_before", { time: moment(instant) });
}

/** The place where verdicts are spoken (role=status); it stays in the page, its content changes. */
export function createVerdict() {
  const status = el("div", { class: "says", role: "status" });

  /** @param {string} verdict @param {string} title @param {string} sentence @param {string} [before] what stood there until now */
  function card(verdict, title, sentence, before) {
    const face = faceOf(verdict);
    const old = before && el("s", { class: "was" }, el("span", { class: "vh" }, `${t("decision.was")} `), before);
    fill(status, el("div", { class: `verdict ${face.look}`, "data-verdict": verdict }, icon(face.icon), el("strong", {}, old, title), el("p", {}, sentence)));
  }

  return {
    element: status,
    clear: () => fill(status),
    loading: () => fill(status, el("div", { class: "skeleton" }, el("span", { class: "vh" }, t("check.loading")), el("i"), el("i"), el("i"))),
    /** @param {import("openapi").FullAdvice} advice @param {boolean} stale @param {import("openapi").FullAdvice | null} [before] the advice that this one replaces */
    show(advice, stale, before) {
      const title = stale ? t("check.provisional", { title: advice.title }) : advice.title;
      card(advice.verdict, title, advice.sentence, before && before.title !== advice.title ? before.title : undefined);
    },
    /** Danger does not wait for an answer: it is made safe, whatever is planned there. */
    showSafe: () => card("make_safe", t("verdict.make_safe.title"), t("check.safe_without_answer")),
  };
}
