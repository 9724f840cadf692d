/** A new subscription: what, about which ground or whose works, over which channel, and when. */
import { get, post } from "../../api.js";
import { createBuildingSearch } from "../../building_search.js";
import { el, fill } from "../../dom.js";
import { geometryIn } from "../../drawn.js";
import { DEPARTMENTS } from "../../departments.js";
import { t, word } from "../../i18n.js";
import { choice, createForm } from "./form.js";

const TYPES = ["conflict.opened", "conflict.reopened", "conflict.changed", "conflict.withdrawn", "conflict.expired", "conflict.status_changed", "conflict.assigned", "conflict.commented", "conflict.reminded", "conflict.escalated", "repair.held", "repair.hold_moved", "repair.released", "repair.message_added", "advice.changed", "request.asked", "request.answered", "request.no_answer", "request.withdrawn", "feed.stopped", "feed.resumed", "feed.shrank"];
const RULES = ["wasted_repair", "repair_during_works", "guarantee_applies", "protected_ground", "works_clash", "shared_trench", "repair_in_wake", "access_blocked", "accumulated_hindrance"];
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const RHYTHMS = ["critical", "each", "digest"];

/**
 * @param {ReturnType<typeof import("./once.js").createOnce>} once
 * @param {() => Promise<void>} load
 * @param {string | null} drawn ground that was drawn on the map, as its address has it
 */
export function createSubscriptionForm(once, load, drawn) {
  const channel = choice([["email", word("admin_channel", "email")], ["webhook", word("admin_channel", "webhook")]]);
  const rhythm = choice(RHYTHMS.map((code) => [code, word("admin_rhythm", code)]));
  const [from, until] = [el("input", { type: "time" }), el("input", { type: "time" })];
  const streets = el("input", { type: "text", maxlength: "2000", autocomplete: "off" });
  const area = el("input", { type: "text", maxlength: "4000", autocomplete: "off", value: drawn ?? "" });
  const boxes = {
    types: ticks("admin.subs.types", TYPES.map((code) => [code, word("admin_alert", code.replace(".", "_"))])),
    rules: ticks("admin.subs.rules", RULES.map((code) => [code, word("rule", code)])),
    severities: ticks("admin.subs.severities", SEVERITIES.map((code) => [code, word("severity", code)])),
    departments: ticks("admin.subs.departments", DEPARTMENTS.map((code) => [code, word("department", code)])),
    owners: ticks("admin.subs.owners", []),
    buildings: ticks("admin.subs.of_buildings", []),
  };
  const ofMail = [rhythm, from, until];
  channel.addEventListener("change", showChannel);
  loadOwners().catch(() => undefined); // the others can be chosen without

  function showChannel() {
    for (const input of ofMail) input.disabled = channel.value === "webhook";
  }

  async function loadOwners() {
    const { items } = await get("/organisations");
    boxes.owners.offer([...new Map(items.map((/** @type {any} */ one) => [one.owner_group, one.owner_group_name])).entries()]);
  }

  /** @param {Record<string, string>} values */
  async function add(values) {
    const isMail = values.channel === "email";
    const hours = isMail && (from.value || until.value) ? { quiet_hours: { from: from.value, until: until.value } } : {};
    const made = await post("/subscriptions", { channel: values.channel, target: values.target || null, name: values.name || null, filter: filterOf(values), ...(isMail && { rhythm: values.rhythm }), ...hours });
    form.reset();
    showChannel();
    if (made.secret) once.show(t("admin.subs.secret_of", { name: made.name ?? made.target }), made.secret);
    await load();
  }

  /** What is left empty lets everything pass. @param {Record<string, string>} values */
  function filterOf(values) {
    const names = (values.streets ?? "").split(",").map((name) => name.trim()).filter(Boolean);
    const ground = values.area ? groundOf(values.area) : null;
    if (values.area && !ground) throw new Error(t("admin.subs.no_area"));
    const chosen = Object.entries(boxes).flatMap(([name, box]) => (box.chosen() ? [[name, box.chosen()]] : []));
    return { ...Object.fromEntries(chosen), ...(names.length > 0 && { streets: names }), ...(ground && { area: ground }) };
  }

  const form = createForm(
    "admin.subs.add",
    [
      { name: "channel", label: "admin.subs.how", input: channel },
      { name: "target", label: "admin.subs.target", input: el("input", { type: "text", maxlength: "2000", autocomplete: "off" }), hint: t("admin.subs.target_hint") },
      { name: "name", label: "admin.subs.name", input: el("input", { type: "text", maxlength: "100", autocomplete: "off" }) },
      { name: "rhythm", label: "admin.subs.rhythm", input: rhythm },
      { name: "quiet_from", label: "admin.preferences.quiet_from", input: from, hint: t("admin.preferences.quiet_hint") },
      { name: "quiet_until", label: "admin.preferences.quiet_until", input: until },
      { name: "streets", label: "admin.subs.streets", input: streets, hint: t("admin.subs.streets_hint") },
      { name: "area", label: "admin.subs.drawn", input: area, hint: t("admin.subs.drawn_hint") },
    ],
    add,
    [
      el("p", { class: "full" }, el("a", { href: "/kaart?teken=vlak" }, t("admin.subs.draw"))),
      createBuildingSearch(boxes.buildings.offer),
      boxes.buildings.element,
      ...[boxes.severities, boxes.departments].map(({ element }) => element),
      ...[boxes.types, boxes.rules, boxes.owners].map(({ element, title }) => el("details", { class: "open-up full" }, el("summary", {}, title), element)),
    ],
  );
  return form.element;
}

/** The area in a link of the map, or in what its address holds; null when there is none. @param {string} text */
function groundOf(text) {
  const geometry = geometryIn(text) ?? geometryIn(URL.canParse(text) ? new URL(text).searchParams.get("toets") : null);
  return geometry?.type === "Polygon" ? geometry : null;
}

/** Boxes of which none means all. @param {string} legend @param {[string, string][]} options */
function ticks(legend, options) {
  /** @type {HTMLInputElement[]} */
  let boxes = [];
  const element = el("fieldset", { class: "choices" });

  /** Other boxes; those that are ticked stay. @param {[string, string][]} next */
  function offer(next) {
    const ticked = boxes.filter((box) => box.checked);
    const fresh = next.filter(([value]) => !ticked.some((box) => box.value === value));
    const labels = ticked.map((box) => box.closest("label"));
    const added = fresh.map(([value, words]) => el("label", {}, el("input", { type: "checkbox", value }), el("span", {}, words)));
    boxes = [...ticked, ...added.map((label) => /** @type {HTMLInputElement} */ (label.querySelector("input")))];
    fill(element, el("legend", {}, t(legend)), ...labels, ...added);
    element.hidden = boxes.length === 0;
  }

  offer(options);
  return {
    element,
    title: t(legend),
    offer,
    /** @returns {string[] | null} */
    chosen() {
      const values = boxes.filter((box) => box.checked).map((box) => box.value);
      return values.length > 0 ? values : null;
    },
  };
}
