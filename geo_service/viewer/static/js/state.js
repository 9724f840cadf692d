/** The address bar is the state. Paths and query as in the address table; unknown keys are kept. */

/**
 * @typedef {object} ViewState
 * @property {string | null} c centre, "lon,lat"
 * @property {string | null} z zoom
 * @property {string | null} toets what to check: "lon,lat" or a section code
 * @property {string | null} kant side of the street: even, oneven
 * @property {string | null} omvang plek, vak
 * @property {string | null} toestand gewoon, hinder, gevaar
 * @property {string | null} op day of the repair
 * @property {string | null} lagen layers in view, comma separated
 * @property {string | null} periode vandaag, 4w, 12w, 6m
 * @property {string | null} kies selection: werk:ID, herstelling:ID, conflict:ID, gebouw:ID
 * @property {string | null} lijst the list in the panel: conflicten
 * @property {string | null} eigenaar owner group whose conflicts the list shows
 */

/** @typedef {Partial<ViewState>} Patch */
/** @typedef {ReturnType<typeof startState>} State */

/** @type {readonly (keyof ViewState)[]} */
const KEYS = ["c", "z", "toets", "kant", "omvang", "toestand", "op", "lagen", "periode", "kies", "lijst", "eigenaar"];
const REPLACE_AFTER_MS = 300;

export function startState() {
  /** @type {((now: ViewState, before: ViewState | null) => void)[]} */
  const listeners = [];
  let now = read();
  let timer = 0;

  /** @param {ViewState | null} before */
  function tell(before) {
    for (const listener of listeners) listener(now, before);
  }

  function moved() {
    const before = now;
    now = read();
    tell(before);
  }

  addEventListener("popstate", moved);
  addEventListener("click", (event) => followInside(event, (url) => {
    history.pushState(null, "", url);
    moved();
  }));

  return {
    get now() {
      return now;
    },
    /** Called at once on start and after every change. @param {(now: ViewState, before: ViewState | null) => void} listener */
    onChange(listener) {
      listeners.push(listener);
    },
    start() {
      tell(null);
    },
    /** A step people want to go back from. @param {Patch} patch */
    go(patch) {
      history.pushState(null, "", address(patch));
      moved();
    },
    /** Panning, zooming, typing: keeps one history entry. @param {Patch} patch */
    replace(patch) {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        history.replaceState(null, "", address(patch));
        now = read();
      }, REPLACE_AFTER_MS);
    },
  };
}

/** The address of this screen with some keys changed; null removes one. @param {Patch} patch */
export function address(patch) {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `/kaart?${text}` : "/kaart";
}

/** Whether this is a day of the calendar, `YYYY-MM-DD`: an address can be typed. @param {string | null} text */
function isDay(text) {
  const instant = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(instant) && new Date(instant).toISOString().slice(0, 10) === text;
}

/** @returns {ViewState} */
function read() {
  const query = new URLSearchParams(location.search);
  const state = /** @type {ViewState} */ (Object.fromEntries(KEYS.map((key) => [key, query.get(key)])));
  return { ...state, op: isDay(state.op) ? state.op : null };
}

/**
 * Plain clicks on links within this screen change the state without a reload; new tabs stay possible.
 * @param {MouseEvent} event
 * @param {(url: string) => void} follow
 */
function followInside(event, follow) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  const modified = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0;
  if (!link || modified || event.defaultPrevented || link.target) return;
  if (link.origin !== location.origin || !["/", "/kaart"].includes(link.pathname) || link.hash) return;
  event.preventDefault();
  follow(keepView(new URL(link.href)));
}

/** A link made before the map moved must not move it back. @param {URL} url */
function keepView(url) {
  const here = new URLSearchParams(location.search);
  for (const key of ["c", "z"]) {
    const value = here.get(key);
    if (url.searchParams.has(key) && value) url.searchParams.set(key, value);
  }
  return url.pathname + url.search.replaceAll("%2C", ",").replaceAll("%3A", ":");
}
