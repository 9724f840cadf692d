/** Week by week below the map: how many works are open in view, and a slider with which the whole map goes there. */
import { el, fill, icon } from "../dom.js";
import { day, mondayOf, shiftDay, t } from "../i18n.js";

/** This week, and a year and a half ahead: the tiles have no works that are over. */
const WEEKS = 79;
const STEP_MS = 900;

/**
 * @param {import("maplibre-gl").Map} map
 * @param {import("../state.js").State} state
 * @param {string} today `YYYY-MM-DD`
 */
export function createWeeks(map, state, today) {
  const first = mondayOf(today);
  const mondays = Array.from({ length: WEEKS }, (_, n) => shiftDay(first, 7 * n));
  const bars = mondays.map(() => el("i"));
  const slider = el("input", { type: "range", min: "0", max: String(WEEKS - 1), "aria-label": t("weeks.label"), oninput: () => choose(Number(slider.value)) });
  const words = el("output", { class: "small" });
  const play = el("button", { class: "btn icon", type: "button", onclick: () => (timer ? stop() : start()) });
  /** @type {number[]} */
  let counts = [];
  let timer = 0;

  /** @param {number} n */
  const choose = (n) => (state.now.week ? state.swap : state.go)({ week: mondays[n] ?? null });

  function start() {
    if (!state.now.week) choose(0);
    timer = window.setInterval(() => (Number(slider.value) < WEEKS - 1 ? choose(Number(slider.value) + 1) : stop()), STEP_MS);
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
    const chosen = state.now.week ? mondays.indexOf(mondayOf(state.now.week)) : -1;
    const most = Math.max(1, ...counts);
    bars.forEach((bar, n) => {
      bar.style.height = `${Math.round((100 * (counts[n] ?? 0)) / most)}%`;
      bar.className = n === chosen ? "chosen" : "";
    });
    slider.value = String(Math.max(0, chosen));
    const week = mondays[chosen];
    fill(words, week ? t("weeks.chosen", { from: day(week), to: day(shiftDay(week, 6)), n: counts[chosen] ?? 0 }) : t("weeks.none"));
    slider.setAttribute("aria-valuetext", words.textContent ?? "");
    if (timer && !state.now.week) stop();
  }

  state.onChange(show);
  showPlay();
  return {
    element: el("div", { class: "weeks" }, el("div", { class: "hist", "aria-hidden": "true" }, ...bars), el("div", { class: "row" }, play, slider), words),
    /** Counts again what is in view, whatever week is chosen. */
    refresh() {
      counts = openPerWeek(map, mondays);
      show();
    },
  };
}

/** How many works of the tiles in view are open in each week. @param {import("maplibre-gl").Map} map @param {string[]} mondays */
function openPerWeek(map, mondays) {
  const phases = map.querySourceFeatures("city", { sourceLayer: "works" }).map(({ properties }) => properties);
  return mondays.map((monday) => {
    const next = shiftDay(monday, 7);
    return new Set(phases.filter((one) => (one.starts_on ?? "0000") < next && (one.ends_on ?? "9999") > monday).map((one) => one.id)).size;
  });
}
