/** One thing on the map: works, repair, building or conflict, in words. */
import { get } from "../../api.js";
import { el, fill, icon } from "../../dom.js";
import { follow, notReread } from "../../follow.js";
import { ownerInFull } from "../../groups.js";
import { day, period, t, word } from "../../i18n.js";
import { announceSubject } from "../panel/panel.js";
import { absence, closurePart, deletionOf } from "./closure.js";
import { figures } from "./figures.js";
import { followStreet } from "./follow_street.js";
import { idOf } from "./numbers.js";
import { lifePart } from "./life.js";
import { repairFacts } from "./repair_facts.js";
import { reporterDoor } from "./reporter.js";
import { certainty, conflictName, factList, inputsOf, isCounted, sourceId, worksId, worksLink } from "../../facts.js";
import { CHECK, address, parseSelection } from "../../address.js";
import { streetAddress } from "../../place.js";
import { renumberedFacts } from "./renumbered.js";
import { createDesk } from "../decision/desk.js";
import { agreementWords, brokenAgreement, followUp, sentences, trailPart } from "../decision/trail.js";
import { picture } from "../evidence/evidence.js";
import { lonLat, pointInside } from "../../geometry.js";

/** @typedef {import("../../dom.js").Child} Child */
/** `lead` stands above the steps. @typedef {{path: string, title: (item: any) => string, lead?: (item: any) => Child[], body: (item: any) => Child[]}} Kind */

/** @type {Partial<Record<import("../../address.js").Kind, Kind>>} */
const KINDS = {
  works: { path: "works", title: (works) => works.title || [works.owner, sourceId(works.source, works.source_id)].filter(Boolean).join(" · "), body: worksBody },
  repair: { path: "repairs", title: (repair) => [word("category", repair.category), repair.number].filter(Boolean).join(" · "), body: (repair) => [...repairFacts(repair), reporterDoor(repair), worklistLink(repair)] },
  building: { path: "buildings", title: (building) => building.name || streetAddress(building), body: buildingBody },
  conflict: { path: "conflicts", title: (conflict) => [conflictName(conflict), conflict.number].filter(Boolean).join(" · "), lead: conflictLead, body: conflictBody },
};

/**
 * @param {import("../../state.js").State} state
 * @param {import("../../person.js").Someone} person
 * @param {import("../../opened.js").Opened} opened
 * @param {() => string} today
 * @returns {import("../panel/panel.js").View}
 */
export function createDetail(state, person, opened, today) {
  /** @type {import("openapi").Geometry | null} */
  let ground = null;
  let subject = "";
  /** What is open and no conflict: the desk follows those. @type {{selection: string, path: string, content: string} | null} */
  let followed = null;
  const title = el("h1", { tabindex: "-1" });
  const back = el("a", { class: "btn", href: "/kaart", onclick: close }, icon("back", "s"), t("action.back"));
  const lead = el("div", { class: "view" });
  const body = el("div", { class: "view" });
  const desk = createDesk(person, { render: (conflict) => show("conflict", conflict), conflicts: (conflict) => [conflict], news });
  const element = el("div", { class: "view", hidden: true }, el("div", { class: "head" }, title, back), lead, desk.element, body);

  /** @param {Event} event */
  function close(event) {
    event.preventDefault();
    state.go({ selection: null });
  }

  /** @param {import("../../address.js").Selection} selection */
  async function load(selection) {
    const { kind: name, id } = parseSelection(selection);
    const kind = KINDS[name];
    subject = "";
    followed = null;
    desk.close();
    fill(title, t("detail.loading"));
    fill(lead);
    fill(body);
    if (!kind) return fill(title, t("detail.unknown"));
    try {
      const path = `/${kind.path}/${encodeURIComponent(await idOf(kind.path, id))}`;
      if (state.now.selection !== selection) return;
      if (name === "conflict") await desk.open(path);
      else {
        const item = await get(path);
        if (state.now.selection !== selection) return;
        followed = { selection, path, content: JSON.stringify(item) };
        show(name, item);
      }
      if (state.now.selection === selection) opened.show(ground);
    } catch (error) {
      if (state.now.selection !== selection) return;
      const deletion = deletionOf(error);
      if (deletion) {
        fill(title, t("desk.deleted"));
        return fill(body, absence(name, deletion, /** @type {import("../../api.js").Problem} */ (error).reasons));
      }
      const again = el("button", { class: "btn primary", type: "button", onclick: () => load(selection) }, t("action.try_again"));
      fill(title, t("detail.error"));
      fill(body, el("div", { class: "problem", role: "alert" }, el("p", {}, /** @type {Error} */ (error).message), again));
    }
  }

  /** Reads what is open once more; nothing moves unless it changed. */
  async function again() {
    if (!followed || state.now.selection !== followed.selection) return;
    const { selection, path, content } = followed;
    const item = await get(path);
    if (followed?.selection !== selection || JSON.stringify(item) === content) return;
    followed.content = JSON.stringify(item);
    const before = JSON.stringify(ground);
    show(parseSelection(state.now.selection).kind, item);
    if (JSON.stringify(ground) !== before) opened.show(ground);
  }

  /** @param {import("../../address.js").Kind} name @param {any} item */
  function show(name, item) {
    const kind = KINDS[name];
    if (!kind) return;
    subject = kind.title(item);
    fill(title, subject);
    announceSubject(element);
    fill(lead, ...(kind.lead?.(item) ?? []));
    fill(body, name === "conflict" && picture(item, today()), ...kind.body(item), followStreet(item, person.current), checkHere(item));
    ground = geometryOf(item);
  }

  follow(() => again().catch((error) => (deletionOf(error) && state.now.selection ? load(state.now.selection) : notReread(error))));
  state.onChange((now, before) => {
    if (!now.selection && before?.selection) desk.close();
    if (now.selection && now.selection !== before?.selection) load(now.selection);
  });
  return { element, wants: (now) => Boolean(now.selection), subject: () => subject, press: desk.press };
}

/** @param {import("openapi").RepairInFull} repair */
const worklistLink = (repair) => el("p", {}, el("a", { href: address({ screen: "repairs", repair: repair.number, selection: null }) }, t("repairs.in_list")));

/** @param {any} item @returns {import("openapi").Geometry | null} */
const geometryOf = (item) => item.geometry ?? item.phases?.[0]?.geometry ?? null;

/** The way on: check the place of this thing. @param {any} item */
function checkHere(item) {
  const geometry = geometryOf(item);
  if (!geometry) return null;
  const at = pointInside(geometry).map((degrees) => degrees.toFixed(6)).join(",");
  const href = address({ ...CHECK, place: lonLat(at) ? at : null });
  return el("div", { class: "foot" }, el("a", { class: "btn primary", href }, t("action.check_here")));
}

/** @param {import("openapi").Works} works */
function worksBody(works) {
  const phases = works.phases;
  return [
    factList([
      works.owner && [t("facts.owner"), works.owner],
      [t("facts.source_id"), sourceId(works.source, works.source_id) ?? "–"],
      works.kind && [t("facts.kind"), word("works_kind", works.kind)],
      works.category && [t("facts.category"), word("works_category", String(works.category))],
      works.certainty && [t("facts.certainty"), ...certainty(works.certainty)],
      works.remark && [t("facts.remark"), works.remark],
      ...renumberedFacts("works", works),
      works.consequences.length > 0 && [t("facts.consequences"), works.consequences.join(", ")],
      phases.length === 0 && [t("facts.period"), t("period.unknown")],
    ]),
    phases.length > 0 && el("h2", { class: "label" }, t("detail.phases", { n: phases.length })),
    phases.length > 0 && el("ul", { class: "rows boxed" }, ...phases.map(phaseRow)),
    lifePart(works),
  ];
}

/** @param {import("openapi").Phase} phase */
function phaseRow(phase) {
  const opens = t(phase.opens_surface ? "claim.opening" : "claim.occupancy");
  return el("li", {}, el("p", { class: "row" }, icon("next", "s"), el("b", {}, period(phase.starts_on, phase.ends_on)), el("small", {}, opens)));
}

/** @param {import("openapi").Building} building */
function buildingBody(building) {
  return [
    factList([
      [t("facts.address"), streetAddress(building) || "–"],
      building.function && [t("facts.function"), word("building", building.function)],
    ]),
  ];
}

/** The conflict in one sentence, and how it stands with it. @param {import("openapi").ExplainedConflict} conflict */
function conflictLead(conflict) {
  const broken = brokenAgreement(conflict);
  return [
    el("p", { class: "lead" }, conflict.explanation.sentence),
    factList([
      [t("facts.status"), word("status", conflict.status)],
      !broken && conflict.agreement && [t("facts.agreement"), agreementWords(conflict.agreement)],
      Boolean(followUp(conflict)) && [t("facts.follow_up"), followUp(conflict)],
    ]),
    broken,
    closurePart(conflict),
  ];
}

/** @param {import("openapi").ExplainedConflict} before @param {import("openapi").ExplainedConflict} after */
function news(before, after) {
  const rows = sentences(/** @type {import("../decision/trail.js").Event[]} */ (after.events)).slice(before.events.length);
  return rows.length > 0 ? rows : [[t("decision.figures_changed")]];
}

/** @param {import("openapi").ExplainedConflict} conflict */
function conflictBody(conflict) {
  const explanation = conflict.explanation;
  return [
    factList([
      explanation.frontage.length > 0 && [t("facts.frontage"), explanation.frontage.map((front) => `${front.street} ${front.text}`).join(", ")],
      [t("facts.severity"), word("severity", conflict.severity)],
      ...figures(conflict.facts),
      ...[conflict.a, conflict.b].map(partyFact),
    ]),
    ...[conflict.a, conflict.b].map(digPart),
    listPart("detail.disappears", explanation.disappears_if.map((one) => [one.text])),
    listPart("detail.sources", explanation.sources.map(sourceRow)),
    inputsOf(conflict),
    trailPart(/** @type {import("../decision/trail.js").Event[]} */ (conflict.events)),
    el("p", { class: "tiny" }, t("check.rule_version", { version: conflict.rule_version })),
  ];
}

/** A heading with lines under it, or nothing. @param {"detail.disappears" | "detail.sources"} label @param {Child[][]} rows */
function listPart(label, rows) {
  if (rows.length === 0) return null;
  return el("section", {}, el("h2", { class: "label" }, t(label)), el("ul", { class: "why" }, ...rows.map((row) => el("li", {}, ...row))));
}

/** The record behind works, and when it last changed. @param {import("openapi").Explanation["sources"][number]} one @returns {Child[]} */
function sourceRow(one) {
  const changed = one.last_change && ` · ${t("detail.last_change", { day: day(one.last_change.observed_on) })}`;
  return [one.owner, " · ", worksLink(one.works_id, sourceId(one.source, one.source_id)), changed];
}

/** All records of one dig, when there are several. @param {import("openapi").Side} party */
function digPart(party) {
  const records = party.dig;
  if (records.length === 0) return null;
  const rows = records.map((one) => el("li", {}, one.owner, " · ", worksLink(one.id, sourceId(one.source, one.source_id))));
  return el("section", {}, el("h2", { class: "label" }, t(isCounted(party) ? "unit.works" : "detail.dig", { n: records.length })), el("ul", { class: "why" }, ...rows));
}

/** @param {import("openapi").Side} party @returns {import("../../facts.js").Fact | null} */
function partyFact(party) {
  // works that are counted together stand in a list of their own
  if (isCounted(party)) return null;
  const always = !party.ends_on && (party.building || party.street);
  const parts = [
    party.works && ownerInFull(party.works),
    worksLink(worksId(party), sourceId(party.works?.source, party.works?.source_id)),
    party.repair && el("a", { href: address({ selection: `repair:${party.repair.id}` }) }, t("detail.to_repair")),
    party.building && el("a", { href: address({ selection: `building:${party.building.id}` }) }, party.building.name ?? t("detail.to_building")),
    party.street?.name,
    !always && (party.starts_on || party.ends_on) ? period(party.starts_on, party.ends_on) : null,
    !always && party.free_from && party.ends_on && party.free_from > party.ends_on ? t("facts.slack", { day: day(party.free_from) }) : null,
  ].filter(Boolean);
  const joined = parts.flatMap((part, i) => (i === 0 ? [part] : [" · ", part]));
  return joined.length > 0 ? [word("claim", party.kind), ...joined] : null;
}
