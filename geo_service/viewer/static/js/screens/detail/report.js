/** What stands with a report: who made it, its texts as they were written, its photos, and what citizens added. Fetched with the first look. */
import { el } from "../../dom.js";
import { factList } from "../../facts.js";
import { day, loadScreenWords, t, word } from "../../i18n.js";
import { loadStyle } from "../../style.js";

/** @typedef {import("openapi").Reporter} Report */
/** @typedef {Record<string, unknown>} Details */
/** What became of the address of a photo (open311/media.py). @typedef {{url: string, problem?: string, final?: boolean}} Media */

/** Fields that are said first, in this order; whatever else a site sent stands behind them, under its own name where it has no word. */
const KNOWN = ["name", "phone", "email"];
/** The texts of a repair as they were written (FREE_TEXTS in store/repairs.py). */
const TEXTS = ["description", "remark"];
const ASIDE = ["media_outcomes", "attributes"];
/** Photos come one after another: each is a look of its own. */
const LATER = "lazy";

/** @param {Report} report @returns {Promise<(HTMLElement | null)[]>} */
export async function loadReport({ reporter, messages, photos }) {
  await Promise.all([loadScreenWords("reporter"), loadStyle(new URL("../../../css/reporter.css", import.meta.url))]);
  const pictures = photos.filter((photo) => photo.message_id === null);
  return [
    reporter ? factList(factsOf(reporter)) : el("p", { class: "small" }, t("reporter.unknown")),
    ...TEXTS.map((name) => original(name, reporter?.[name])),
    gallery(pictures),
    problems(reporter),
    ...messages.map((message) => messagePart(message, photos)),
  ];
}

/** @param {Details} details @returns {import("../../facts.js").Fact[]} */
function factsOf(details) {
  const others = Object.keys(details).filter((name) => ![...KNOWN, ...TEXTS, ...ASIDE].includes(name));
  const answers = Object.entries(/** @type {Details} */ (details.attributes ?? {}));
  const rows = [...[...KNOWN, ...others].map((name) => /** @type {const} */ ([name, details[name]])), ...answers];
  return rows.filter(([, value]) => value).map(([name, value]) => [word("reporter_field", name), wayTo(name, plain(value))]);
}

/** A number to ring and an address to write to are links. @param {string} name @param {string} text */
function wayTo(name, text) {
  if (name === "phone") return el("a", { href: `tel:${text.replaceAll(/[^+\d]/g, "")}` }, text);
  if (name === "email") return el("a", { href: `mailto:${encodeURIComponent(text).replace("%40", "@")}` }, text);
  return text;
}

/** @param {unknown} value @returns {string} */
const plain = (value) => (Array.isArray(value) ? value.map(plain).join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value));

/** @param {string} name @param {unknown} text */
function original(name, text) {
  if (!text) return null;
  return el("div", {}, el("h2", { class: "label" }, word("reporter_text", name)), el("blockquote", {}, plain(text)));
}

/** @param {Report["photos"]} photos */
function gallery(photos) {
  if (photos.length === 0) return null;
  const item = (/** @type {Report["photos"][number]} */ photo, /** @type {number} */ i) => {
    const alt = t("reporter.photo", { n: i + 1, number: photo.number, day: day(photo.received_at) });
    return el("li", {}, el("a", { href: photo.url, target: "_blank" }, el("img", { src: photo.url, alt, loading: LATER, width: photo.width, height: photo.height })));
  };
  return el("ul", { class: "photos" }, ...photos.map(item));
}

/** Why a photo that came as an address is not here. @param {Details | null} details */
function problems(details) {
  const outcomes = /** @type {Media[]} */ (Array.isArray(details?.media_outcomes) ? details.media_outcomes : []);
  const failures = outcomes.filter((one) => one.problem);
  if (failures.length === 0) return null;
  const rows = failures.map(({ url, problem, final }) => {
    const why = word("reporter_media", problem);
    return el("li", {}, `${url}: ${final ? why : t("reporter.media_again", { why })}`);
  });
  return el("div", {}, el("h2", { class: "label" }, t("reporter.media")), el("ul", { class: "why" }, ...rows));
}

/** @param {Report["messages"][number]} message @param {Report["photos"]} photos */
function messagePart(message, photos) {
  const title = t("reporter.message", { day: day(message.said_at), number: message.number });
  return el(
    "div",
    {},
    el("h2", { class: "label" }, title),
    message.text && el("blockquote", {}, message.text),
    factList(factsOf(message.reporter)),
    gallery(photos.filter((photo) => photo.message_id === message.id)),
    problems(message.reporter),
  );
}
