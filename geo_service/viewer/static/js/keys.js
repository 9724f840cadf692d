/** One-letter keys. They do nothing in fields and can be switched off (WCAG 2.1.4). */
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

const REMEMBERED = "geo-service.keys";
/** Whether one-letter keys do something on this device. */
export const areOn = () => localStorage.getItem(REMEMBERED) !== "off";
/** @param {boolean} on */
export const turn = (on) => localStorage.setItem(REMEMBERED, on ? "on" : "off");
/** Where a letter is a letter; a choice or a box to tick takes none. */
const TYPED_IN = "input:not([type=radio], [type=checkbox]), select, textarea, dialog";
/** @type {readonly import("./address.js").Period[]} */
const PERIODS = ["today", "4w", "12w", "6m"];

/**
 * @param {import("./state.js").State} state
 * @param {(key: string) => boolean} decide what a key does with the case or conflict that is open; whether it did something
 */
export function createKeys(state, decide) {
  const button = el("button", { class: "btn quiet icon desk-only", type: "button", "aria-label": t("keys.title"), onclick: help }, icon("help"));
  /** @type {Promise<HTMLDialogElement> | null} */
  let box = null;

  async function help() {
    box ??= import("./keys_help.js").then(({ createHelp }) => createHelp());
    const opening = box;
    (await opening.catch(() => (box = null)))?.showModal();
  }

  addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.key === "Escape" && !target.closest(TYPED_IN) && !isTyped() && !document.querySelector("dialog[open]")) clear(state);
    if (!areOn() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest(TYPED_IN)) return;
    if (decide(event.key) || press(event.key, state)) event.preventDefault();
  });
  return { button };
}

/** Whether a form holds words that would be lost. */
function isTyped() {
  const fields = /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */ (document.querySelectorAll(".step-form textarea, .step-form input:not([type=radio], [type=checkbox], [type=file])"));
  return [...fields].some((field) => field.offsetParent && field.value !== field.defaultValue);
}

/** @param {import("./state.js").State} state */
function clear(state) {
  const { place, selection, list, repair, draw, case: opened } = state.now;
  if (draw) return state.go({ draw: null });
  if (selection) state.go({ selection: null });
  else if (opened) state.go({ case: null });
  else if (repair) state.go({ repair: null });
  else if (list) state.go({ list: null });
  else if (place) state.go({ place: null, side: null });
  else return;
  focusOn(".panel h1");
}

/**
 * @param {string} key
 * @param {import("./state.js").State} state
 * @returns {boolean} whether the key did something
 */
function press(key, state) {
  if (key === "/") return focusOn(".search input");
  if (key === "t") return focusOn(".panel h1:not([hidden])");
  if (key === "l") return focusOn(".legend summary");
  const period = PERIODS[Number(key) - 1];
  if (period) state.go({ period, week: null });
  return Boolean(period);
}

/** @param {string} selector */
function focusOn(selector) {
  const target = [...document.querySelectorAll(selector)].find((node) => node instanceof HTMLElement && node.offsetParent);
  if (target instanceof HTMLElement) target.focus();
  return Boolean(target);
}
