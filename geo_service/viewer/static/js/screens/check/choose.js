/**
 * Files a defect where the answer stands: what it proposes is done at once (its days, its hold, danger), with a photo and a note. Danger waits for
 * no answer, and nothing waits for network. Within reach stays the way back.
 */
import { change, post } from "../../api.js";
import { address } from "../../address.js";
import { el, fill } from "../../dom.js";
import { field } from "../../fields.js";
import { lonLat, pointInside } from "../../geometry.js";
import { geometryIn } from "../../drawn.js";
import { groundOf, scopeOf } from "./ask.js";
import { day, notPast, shiftDay, t, word } from "../../i18n.js";
import { createCamera } from "../../outbox/camera.js";
import { isGround } from "../../place.js";
import { newRepair, outbox } from "../../outbox/outbox.js";
import { placeOfPhoto } from "../../outbox/photo.js";
import { loadStyle } from "../../style.js";

/** @typedef {import("./ask.js").Answer} Answer */
/** @typedef {import("openapi").Alternative} Alternative */
/** @typedef {import("openapi").Repair} Repair */
/** `of`: the defect that is reported once more. @typedef {{code: string, text: string, of?: import("openapi").ReportedDefect}} Chosen */
/** @typedef {ReturnType<typeof createChoice>} Choice */

const CATEGORIES = ["pothole", "loose_slab", "subsidence", "root_damage", "kerb", "other"];
/** Of one report (open311/photos.py). */
const MOST_PHOTOS = 5;

/** What each way on makes of the repair. @type {Record<string, (startsOn: string) => Record<string, unknown>>} */
const MAKES = {
  repair_now: planned,
  repair_anyway: planned,
  spot_only: (startsOn) => ({ ...planned(startsOn), scope: "spot" }),
  make_safe: () => ({ urgency: "danger" }),
  wait: () => ({}),
  report: () => ({}),
  join: () => ({}),
};

/** @param {string} startsOn */
function planned(startsOn) {
  return { planned: { starts_on: startsOn, ends_on: shiftDay(startsOn, 1) } };
}

/** With the looks of its form. @param {import("../../state.js").State} state @param {() => string} today */
export async function loadChoice(state, today) {
  await loadStyle(new URL("../../../css/decision.css", import.meta.url)).catch(() => undefined); // it works without
  return createChoice(state, today);
}

/**
 * @param {import("../../state.js").State} state
 * @param {() => string} today
 */
function createChoice(state, today) {
  const category = el("select", {}, ...CATEGORIES.map((code) => el("option", { value: code }, word("category", code))));
  const note = el("textarea", { rows: "2", maxlength: "2000" });
  const title = el("h2", { class: "label" });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const camera = createCamera(t("crew.photo"), addPhoto);
  const pictures = el("p", { class: "small", role: "status" });
  const submit = el("button", { class: "btn primary", type: "submit" });
  const cancel = el("button", { class: "btn", type: "button", onclick: putAway }, t("decision.cancel"));
  const form = el("form", { class: "step-form", hidden: true, onsubmit: file }, title, camera, pictures, field("check.defect", category), field("check.note", note), problem, el("div", { class: "steps" }, submit, cancel));
  const opener = el("button", { class: "btn primary", type: "button", hidden: true });
  const notice = el("p", { class: "done", role: "status", tabindex: "-1", hidden: true });
  const element = el("div", { class: "view" }, opener, notice, form);
  /** @type {Chosen | null} */
  let chosen = null;
  /** @type {Answer} */
  let answer = { phase: "empty" };
  /** @type {Blob[]} */
  let photos = [];
  /** What was typed and photographed is of this place; `ofPhoto`: where a photo says that it lies. */
  let about = state.now.place;
  /** @type {string | null} */
  let ofPhoto = null;

  function empty() {
    note.value = "";
    photos = [];
    ofPhoto = null;
    fill(pictures);
  }

  function putAway() {
    empty();
    close();
  }

  function close() {
    chosen = null;
    form.hidden = true;
  }

  /** @param {Chosen} option */
  function open(option) {
    chosen = option;
    if (option.of) category.value = option.of.category;
    title.textContent = option.text;
    submit.textContent = word("choose", option.code);
    form.hidden = false;
    problem.hidden = notice.hidden = true;
    form.scrollIntoView({ block: "nearest" });
    category.focus();
  }

  /** @param {Blob} photo @param {File} original */
  async function addPhoto(photo, original) {
    photos = [...photos, photo].slice(-MOST_PHOTOS);
    const place = await placeOfPhoto(original);
    if (!photos.includes(photo)) return; // put away meanwhile
    const go = () => {
      ofPhoto = place && place.map((degrees) => degrees.toFixed(6)).join(",");
      state.go({ place: ofPhoto, side: null });
    };
    const use = place && el("button", { class: "link", type: "button", onclick: go }, t("check.use_photo_place"));
    fill(pictures, t("check.photos", { n: photos.length }), " ", use);
  }

  /** @param {Event} event */
  async function file(event) {
    event.preventDefault();
    const ground = placeOf(answer, state.now.place);
    if (!chosen || !ground) return;
    submit.disabled = true;
    try {
      const startsOn = notPast(state.now.day, today());
      const what = { category: category.value, description: note.value.trim() || null, scope: scopeOf(state.now), urgency: state.now.urgency ?? "normal" };
      const body = { ...what, geometry: ground, ...MAKES[chosen.code]?.(startsOn), ...(chosen.of && { duplicate_of: chosen.of.id }) };
      const joins = chosen.of?.number;
      const of = { repair: newRepair(), name: word("category", what.category), version: null, fields: null };
      const { isSent, answer: repair } = await outbox.take({ ...of, step: "report", body }, ...photos.map((photo) => ({ ...of, step: /** @type {const} */ ("photo"), body: {}, photo })));
      if (isSent && repair) say(repair, startsOn, joins);
      else sayKept();
      putAway();
    } catch (error) {
      fill(problem, el("p", {}, el("b", {}, /** @type {Error} */ (error).message), ` ${t("decision.input_stays")}`));
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  }

  /** "H-1122 staat in wachtstand tot di 12 jan. Ongedaan maken". @param {Repair} repair @param {string} startsOn @param {string} [joins] the report that it joins */
  function say(repair, startsOn, joins) {
    const state_ = joins ? "joined" : repair.urgency === "danger" ? "danger" : repair.status === "scheduled" ? "planned" : repair.until ? "held" : "filed";
    const link = el("a", { href: address({ screen: "repairs", repair: repair.number, place: null, side: null }) }, repair.number);
    const undo = el("button", { class: "link", type: "button", onclick: () => takeBack(repair, Boolean(joins)) }, word("step", "undo"));
    fill(notice, link, ` ${t(`filed.${state_}`, { day: day((state_ === "planned" ? repair.planned?.starts_on : repair.until) ?? startsOn), number: joins ?? "" })} `, undo);
    notice.hidden = false;
    notice.focus();
  }

  function sayKept() {
    notice.textContent = t("filed.kept");
    notice.hidden = false;
    notice.focus();
  }

  /** @param {Repair} repair @param {boolean} joins another */
  async function takeBack(repair, joins) {
    try {
      const { version } = joins ? await post(`/repairs/${repair.id}/refuse-duplicate`, {}) : repair;
      await change(`/repairs/${repair.id}`, { status: "cancelled" }, `"${version}"`, "PATCH");
      notice.textContent = t("filed.undone", { number: repair.number });
    } catch (error) {
      notice.textContent = /** @type {Error} */ (error).message;
    }
  }

  return {
    element,
    /** @param {Answer} next */
    show(next) {
      const placeKey = (/** @type {Answer} */ one) => ("section" in one ? one.section?.code : undefined);
      if (placeKey(answer) && placeKey(next) && placeKey(answer) !== placeKey(next)) notice.hidden = true;
      answer = next;
      if (state.now.place !== about && state.now.place !== ofPhoto) empty();
      about = state.now.place;
      const code = next.phase === "safe" ? "make_safe" : "report";
      opener.hidden = !(next.phase === "safe" || next.phase === "done") || placeOf(next, state.now.place) === null;
      opener.textContent = word("choose", code);
      opener.classList.toggle("primary", code === "make_safe");
      opener.onclick = () => open({ code, text: word("choose", code) });
      const isThere = next.phase === "done" && next.advice.reported.some((one) => one.id === chosen?.of?.id);
      const stays = chosen && (chosen.code === code || isThere || (next.phase === "done" && next.advice.alternatives.some((one) => one.code === chosen?.code)) || next.phase === "loading");
      if (!stays) close();
    },
    /** What a press on "the same defect" does. @param {import("openapi").ReportedDefect} of */
    joinOf: (of) => () => open({ code: "join", text: t("check.join_to", { number: of.number, what: word("category", of.category) }), of }),
    /** What a press on a way on does; null where it can only be read. @param {Alternative} option @returns {(() => void) | null} */
    actionOf(option) {
      const fits = option.code !== "spot_only" || scopeOf(state.now) !== "area"; // nobody knows which spot of a stretch
      return option.needs_role === null && option.code in MAKES && fits ? () => open(option) : null;
    },
  };
}

/** Where the defect lies; null where nobody knows. @param {Answer} answer @param {string | null} typed @returns {import("openapi").Geometry | null} */
function placeOf(answer, typed) {
  if (answer.phase === "done") return groundOf(answer);
  const section = "section" in answer ? answer.section : null;
  if (isGround(typed)) return geometryIn(typed) ?? section?.geometry ?? null;
  const at = lonLat(typed) ?? (section?.geometry ? pointInside(section.geometry) : null);
  return at && groundOf({ at });
}
