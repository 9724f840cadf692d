/** The two claims of a conflict in time: above the one that suffers, below the one that disturbs, with how unsure its days are. An image with a full text alternative. */
import { el } from "../../dom.js";
import { day, daysBetween, lastDay, mondayOf, period, shiftDay, t, word } from "../../i18n.js";
import { partyName, sourceId } from "../../facts.js";

/** @typedef {import("openapi").Conflict} Conflict */
/** @typedef {import("openapi").Side} Side */
/** @typedef {{from: string, to: string}} Span half-open days */
/** @typedef {{from: string, days: number}} Scale */

/** What stands above: what is spoiled, or must stay free. */
const SUFFERS = ["repair", "investment", "defect", "access", "street"];
const COLUMNS = 10;
const LEAST_DAYS = 70;
/** What begins or ends further away runs off the edge. */
const FAR_DAYS = 400;

/** @param {Conflict} conflict @param {string} today @returns {HTMLElement | null} null for works that are counted together */
export function timeline(conflict, today) {
  if (conflict.facts.digs) return null;
  const [above, below] = sides(conflict);
  const spans = { stated: stated(above), claim: claimed(above), works: stated(below), slack: claimed(below) };
  const free = conflict.opportunity || !below.free_from || daysBetween(today, below.free_from) > FAR_DAYS ? null : below.free_from;
  const scale = scaleOf([spans.stated, spans.works, spans.slack], today, free);
  const clash = common(spans.claim ?? spans.stated, spans.works);
  const gap = between(spans.stated, spans.works) ?? before(spans.works, conflict.facts.gap_days);
  const place = placement(scale);
  const plot = el(
    "div",
    { class: "plot" },
    caption("top", sideName(above), spans.stated ?? spans.claim, place),
    bar("lasts", spans.claim, place),
    bar(`stated ${above.works ? "works" : ""}`, spans.stated, place),
    bar("clash", clash, place),
    gap && place(el("span", { class: "gap" }, el("b", {}, t("unit.days", { n: daysBetween(gap.from, gap.to) }))), gap),
    caption("low", sideName(below), spans.works ?? spans.slack, place),
    bar("slack", spans.slack, place),
    bar(`hatch c-${below.claim?.certainty ?? "planned"}`, spans.works, place),
    flag("today", today, t("desk.today"), place),
    free && flag("free", free, t("desk.free_from", { day: day(free) }), place),
  );
  const words = alternative({ above, below, spans, clash, gap, free, today });
  return el("div", { class: "timeline", role: "img", "aria-label": words.join(" ") }, axis(scale), plot);
}

/** The side that suffers, then the one that disturbs. @param {Conflict} conflict @returns {[Side, Side]} */
export function sides({ a, b }) {
  return !SUFFERS.includes(a.kind) && SUFFERS.includes(b.kind) ? [b, a] : [a, b];
}

/** Who or what stands on a side: "Proximus, GIPOD 12350257". @param {Side} side */
export function sideName(side) {
  const { works } = side;
  if (works) return [works.owner, sourceId(works.source, works.source_id)].join(", ");
  return side.repair ? word("claim", side.kind) : partyName(side);
}

/** The days that were stated. @param {Side} side @returns {Span | null} */
function stated({ claim, starts_on, ends_on }) {
  const from = claim?.stated_starts_on ?? starts_on;
  const to = claim?.stated_ends_on ?? ends_on;
  return from && to && from < to ? { from, to } : null;
}

/** The days for which the claim counts, slack or service life included. @param {Side} side @returns {Span | null} */
function claimed({ claim }) {
  if (!claim?.starts_on) return null;
  return { from: claim.starts_on, to: claim.ends_on ?? "9999-12-31" };
}

/** Whole columns of weeks around all that is near: ten weeks at least. @param {(Span | null)[]} spans @param {string} today @param {string | null} free @returns {Scale} */
function scaleOf(spans, today, free) {
  const days = [today, free, ...spans.flatMap((span) => (span ? [span.from, span.to] : []))].filter((one) => one !== null);
  const near = days.filter((one) => Math.abs(daysBetween(today, one)) <= FAR_DAYS).sort();
  const first = near[0] ?? today;
  const from = mondayOf(first);
  const wanted = Math.max(LEAST_DAYS, daysBetween(from, near.at(-1) ?? today) + 7);
  return { from, days: Math.ceil(wanted / COLUMNS / 7) * 7 * COLUMNS };
}

/** @param {Scale} scale */
function axis(scale) {
  const step = scale.days / COLUMNS;
  const labels = Array.from({ length: COLUMNS }, (_, n) => el("span", {}, day(shiftDay(scale.from, n * step)).split(" ").slice(1, 3).join(" ")));
  return el("div", { class: "axis", "aria-hidden": "true" }, ...labels);
}

/** @typedef {<T extends HTMLElement>(node: T, span: Span) => T} Place puts a node on its days */

/** @param {Scale} scale @returns {Place} */
function placement({ from, days }) {
  const at = (/** @type {string} */ on) => Math.min(100, Math.max(0, (100 * daysBetween(from, on)) / days));
  return (node, span) => {
    node.style.left = `${at(span.from)}%`;
    node.style.width = `${at(span.to) - at(span.from)}%`;
    return node;
  };
}

/** @param {string} look @param {Span | null} span @param {Place} place */
const bar = (look, span, place) => span && place(el("span", { class: `bar ${look}` }), span);

/** @param {"top" | "low"} line @param {string} name @param {Span | null} span @param {Place} place */
function caption(line, name, span, place) {
  const node = place(el("span", { class: `cap ${line}` }, name), span ?? { from: "0001-01-01", to: "9999-12-31" });
  node.classList.toggle("late", parseFloat(node.style.left) > 55);
  if (node.classList.contains("late")) {
    node.style.right = `${100 - parseFloat(node.style.left) - parseFloat(node.style.width)}%`;
    node.style.left = "auto";
  }
  node.style.width = "auto";
  return node;
}

/** @param {"today" | "free"} kind @param {string} on @param {string} words @param {Place} place */
function flag(kind, on, words, place) {
  const node = place(el("span", { class: `flag ${kind}` }, el("b", {}, words)), { from: on, to: on });
  node.classList.toggle("late", parseFloat(node.style.left) > 70);
  return node;
}

/** The days that two spans share. @param {Span | null} one @param {Span | null} other @returns {Span | null} */
function common(one, other) {
  if (!one || !other) return null;
  const span = { from: one.from > other.from ? one.from : other.from, to: one.to < other.to ? one.to : other.to };
  return span.from < span.to ? span : null;
}

/** The days between two spans. @param {Span | null} one @param {Span | null} other @returns {Span | null} */
function between(one, other) {
  if (!one || !other) return null;
  const [first, second] = one.from <= other.from ? [one, other] : [other, one];
  return first.to < second.from ? { from: first.to, to: second.from } : null;
}

/** So many days before a span: of a side that has no days of its own yet. @param {Span | null} span @param {number} days @returns {Span | null} */
const before = (span, days) => (span && days > 0 ? { from: shiftDay(span.from, -days), to: span.from } : null);

/** The whole picture in sentences. @param {{above: Side, below: Side, spans: Record<"stated" | "claim" | "works" | "slack", Span | null>, clash: Span | null, gap: Span | null, free: string | null, today: string}} picture */
function alternative({ above, below, spans, clash, gap, free, today }) {
  const top = spans.stated ?? spans.claim;
  const slackEnds = spans.slack && spans.works && spans.slack.to > spans.works.to && below.works ? lastDay(spans.slack.to) : null;
  return [
    t("desk.timeline.top", { what: sideName(above), days: top ? period(top.from, top.to) : t("period.unknown") }),
    t("desk.timeline.low", { what: sideName(below), days: spans.works ? period(spans.works.from, spans.works.to) : t("period.unknown") }),
    slackEnds && t("desk.timeline.slack", { day: day(slackEnds) }),
    clash && t("desk.timeline.clash", { days: period(clash.from, clash.to) }),
    gap && t("desk.timeline.gap", { n: daysBetween(gap.from, gap.to) }),
    t("desk.timeline.today", { day: day(today) }),
    free && `${t("desk.free_from", { day: day(free) })}.`,
  ].filter((one) => one !== null);
}
