/** Week by week below the map: how many works are open in view, and a slider with which the whole map goes there, half a year back too. */
import { el, fill, icon } from "../dom.js";
import { inView } from "./counts.js";
import { WEEKS_BACK, firstMonday } from "./selection.js";
import { day, mondayOf, shiftDay, t } from "../i18n.js";

/** This week, and a year and a half ahead. */
const WEEKS_AHEAD = 79;
const WEEKS = WEEKS_BACK + WEEKS_AHEAD;
const STEP_MS = 900;
/** While the slider is dragged the map follows at this pace. */
const DRAG_MS = 120;
/** What may change while the weeks are played. */
const MOVES = ["week", "center", "zoom"];

/**
 * @param {import("maplibre-gl").Map} map
 * @param {import("../state.js").State} state
 * @param {() => string} today `YYYY-MM-DD`
 */
export function createWeeks(map, state, today) {
  let mondays = weeksFrom(today());
  const bars = mondays.map(() => el("i"));
  const slider = el("input", { type: "range", min: String(-WEEKS_BACK), max: String(WEEKS_AHEAD - 1), "aria-label": t("weeks.label"), oninput: () => drag(Number(slider.value)) });
  const words = el("output", { class: "small", "aria-live": "off" });
  const all = el("button", { class: "btn quiet", type: "button", onclick: () => state.go({ week: null }) }, t("weeks.all"));
  const play = el("button", { class: "btn icon", type: "button", onclick: () => (timer ? stop() : start()) });
  let timer = 0;
  let dragging = 0;

  /** @param {number} n */
  const choose = (n) => (state.now.week ? state.swap : state.go)({ week: mondays[n + WEEKS_BACK] ?? null });

  /** @param {number} n */
  function drag(n) {
    clearTimeout(dragging);
    dragging = window.setTimeout(() => choose(n), DRAG_MS);
  }

  function start() {
    const at = Number(slider.value);
    if (!state.now.week || at === WEEKS_AHEAD - 1) choose(0);
    timer = window.setInterval(() => (Number(slider.value) < WEEKS_AHEAD - 1 ? choose(Number(slider.value) + 1) : stop()), STEP_MS);
    showPlay();
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    showPlay();
  }

  function showPlay() {
    fill(play, icon(timer ? "pause" : "play"));
    play.setAttribute("aria-label", t(timer ? "weeks.stop" : "weeks.play"));
  }

  function show() {
    if (mondays[0] !== firstMonday(today())) mondays = weeksFrom(today());
    const week = state.now.week && mondayOf(state.now.week);
    const phases = inView(map, "works");
    const isOver = Boolean(week && week < mondayOf(today()));
    // what is done is in the tiles of a week that is over only: else those bars would be too low
    const counts = mondays.map((monday, n) => (n < WEEKS_BACK && !isOver ? 0 : openIn(phases, monday)));
    const most = Math.max(1, ...counts);
    bars.forEach((bar, n) => {
      bar.style.height = `${Math.round((100 * (counts[n] ?? 0)) / most)}%`;
      bar.className = mondays[n] === week ? "chosen" : "";
    });
    slider.value = String(Math.max(0, mondays.findLastIndex((monday) => monday <= (week ?? mondayOf(today())))) - WEEKS_BACK);
    fill(words, week ? t("weeks.chosen", { from: day(week), to: day(shiftDay(week, 6)), n: openIn(phases, week) }) : t("weeks.none"));
    all.hidden = !week;
    slider.setAttribute("aria-valuetext", words.textContent ?? "");
  }

  state.onChange((now, before) => {
    const elsewhere = before && /** @type {(keyof typeof now)[]} */ (Object.keys(now)).some((name) => !MOVES.includes(name) && now[name] !== before[name]);
    if (timer && (elsewhere || !now.week)) stop();
    show();
  });
  showPlay();
  return {
    element: el("div", { class: "weeks" }, el("div", { class: "hist", "aria-hidden": "true" }, ...bars), el("div", { class: "row" }, play, slider, all), words),
    /** Counts again what is in view, whatever week is chosen. */
    refresh: show,
  };
}

/** The Mondays of the slider. @param {string} today */
function weeksFrom(today) {
  return Array.from({ length: WEEKS }, (_, n) => shiftDay(firstMonday(today), 7 * n));
}

/** How many works are open in the week of a Monday. @param {{[name: string]: any}[]} phases @param {string} monday */
function openIn(phases, monday) {
  const next = shiftDay(monday, 7);
  return new Set(phases.filter((one) => (one.starts_on ?? "0000") < next && (one.ends_on ?? "9999") > monday).map((one) => one.id)).size;
}
