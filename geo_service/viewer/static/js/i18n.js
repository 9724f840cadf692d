/** Words, numbers and dates in the chosen language. Every text comes from /viewer/locales. */

/** @typedef {"nl" | "en"} Language */
/** @type {readonly Language[]} */
export const LANGUAGES = ["nl", "en"];
const REMEMBERED = "geo-service.language";
const TIMEZONE = "Europe/Brussels";

/** @type {Record<string, string>} */
const texts = {};
/** @type {Language} */
let language = "nl";

/** Fetches the texts of the remembered language (at first that of the page, as the service is set up) and marks the page with it. */
export async function loadLocale() {
  const wanted = localStorage.getItem(REMEMBERED) ?? document.documentElement.lang;
  language = wanted.startsWith("en") ? "en" : "nl";
  await loadWords(language);
  document.documentElement.lang = locale();
  document.title = t("app.title");
}

/** Adds the texts of one file. @param {string} name */
async function loadWords(name) {
  const response = await fetch(new URL(`../../locales/${name}.json`, import.meta.url), { credentials: "same-origin" });
  if (!response.ok) throw new Error(name);
  Object.assign(texts, await response.json());
}

/** Fetches the texts of a screen that is loaded later. @param {"admin" | "desk" | "life" | "lists" | "map_tools" | "overview" | "reporter" | "rules"} screen */
export const loadScreenWords = (screen) => loadWords(`${screen}.${language}`);

/** @param {Language} chosen */
export function chooseLanguage(chosen) {
  localStorage.setItem(REMEMBERED, chosen);
  location.reload();
}

export const currentLanguage = () => language;
export const locale = () => (language === "nl" ? "nl-BE" : "en-GB");

/**
 * The text of a key, with `{name}` filled in; `key.one` is the wording for exactly one.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = (values.n === 1 && texts[`${key}.one`]) || (texts[key] ?? key);
  return text.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}

/**
 * The word for a code (`certainty.planned`); an unknown code shows as it came.
 * @param {string} group
 * @param {string | null | undefined} code
 */
export function word(group, code) {
  if (!code) return "";
  return texts[`${group}.${code}`] ?? code;
}

/** @type {Map<string, Intl.NumberFormat | Intl.DateTimeFormat>} making one takes as long as using it a hundred times */
const formats = new Map();

/** @template {Intl.NumberFormat | Intl.DateTimeFormat} F @param {string} key @param {() => F} make @returns {F} */
function once(key, make) {
  const known = formats.get(key) ?? make();
  formats.set(key, known);
  return /** @type {F} */ (known);
}

/** @param {number} amount */
export function money(amount) {
  return once("money", () => new Intl.NumberFormat(locale(), { style: "currency", currency: "EUR", maximumFractionDigits: 0 })).format(amount);
}

/** @param {number} value @param {number} [digits] */
export function number(value, digits = 1) {
  return once(`number ${digits}`, () => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits })).format(value);
}

/** @param {number} share 0–1 */
export function percent(share) {
  return `${number(share * 100)}\u00a0%`;
}

/** @param {number} squareMetres */
export function area(squareMetres) {
  return `${number(squareMetres)}\u00a0m²`;
}

/** The noon of a day, which is the same day all over Europe. @param {string} on `YYYY-MM-DD`, or an instant: its day here */
function noon(on) {
  return new Date(`${on.length > 10 ? dayOf(on) : on}T12:00:00Z`);
}

/**
 * A day as people say it: "do 26 nov", with the year only when it is not this year.
 * @param {string} on `YYYY-MM-DD`, or an instant
 */
export function day(on) {
  const date = noon(on);
  const year = date.getUTCFullYear() === new Date().getFullYear() ? undefined : "numeric";
  const format = once(`day ${year}`, () => new Intl.DateTimeFormat(locale(), { weekday: "short", day: "numeric", month: "short", year, timeZone: "UTC" }));
  return format.format(date).replaceAll(".", "").replaceAll(",", "");
}

/** The last day inside a half-open period. @param {string} endsOn first day after it */
export function lastDay(endsOn) {
  return shiftDay(endsOn, -1);
}

/** @param {string} on `YYYY-MM-DD`, or an instant @param {number} days */
export function shiftDay(on, days) {
  const date = noon(on);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The Monday of the week of a day. @param {string} on `YYYY-MM-DD`, or an instant */
export function mondayOf(on) {
  return shiftDay(on, -((noon(on).getUTCDay() + 6) % 7));
}

/** How many days lie between two days. @param {string} from `YYYY-MM-DD`, or an instant @param {string} to as `from` */
export function daysBetween(from, to) {
  return Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);
}

/**
 * The day of a link, or today once that has passed: nobody repairs yesterday.
 * @param {string | null} chosen
 * @param {string} today
 */
export function notPast(chosen, today) {
  return chosen && chosen > today ? chosen : today;
}

/**
 * "ma 9 nov tot en met vr 20 nov" for a half-open period, one day as that day; open ends say so.
 * @param {string | null | undefined} startsOn
 * @param {string | null | undefined} endsOn
 */
export function period(startsOn, endsOn) {
  if (startsOn && endsOn && lastDay(endsOn) === startsOn) return day(startsOn);
  if (startsOn && endsOn) return t("period.from_to", { from: day(startsOn), to: day(lastDay(endsOn)) });
  if (startsOn) return t("period.from", { from: day(startsOn) });
  if (endsOn) return t("period.to", { to: day(lastDay(endsOn)) });
  return t("period.unknown");
}

/** A half-open period as a file has it, with its last day: `2026-12-29/2027-01-11`. @param {string | null | undefined} startsOn @param {string | null | undefined} endsOn */
export function span(startsOn, endsOn) {
  return [startsOn, endsOn && lastDay(endsOn)].filter(Boolean).join("/");
}

/** The clock time of an instant. @param {string | Date} instant */
export function clock(instant) {
  return new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", timeZone: TIMEZONE }).format(new Date(instant));
}

/** The day of an instant here, `YYYY-MM-DD`. @param {string | Date} instant */
export function dayOf(instant) {
  return once("day here", () => new Intl.DateTimeFormat("sv-SE", { timeZone: TIMEZONE })).format(new Date(instant));
}

/** Day and clock time of an instant. @param {string | Date} instant */
export function moment(instant) {
  return `${day(dayOf(instant))} ${clock(instant)}`;
}

/** The clock time of an instant, with its day unless that is today. @param {string | Date} instant */
export function since(instant) {
  return dayOf(instant) === dayOf(new Date()) ? clock(instant) : moment(instant);
}

/** An age in the largest fitting unit. @param {number} seconds */
export function age(seconds) {
  if (seconds < 5400) return t("age.minutes", { n: Math.round(seconds / 60) });
  if (seconds < 172800) return t("age.hours", { n: Math.round(seconds / 3600) });
  return t("age.days", { n: Math.round(seconds / 86400) });
}
