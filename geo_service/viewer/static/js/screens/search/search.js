/** Search: street and number, GIPOD number, number of a conflict or a repair, section code, building name, or coordinates. */
import { isSuperseded } from "../../api.js";
import { el, icon } from "../../dom.js";
import { t } from "../../i18n.js";

const DEBOUNCE_MS = 250;

/** @param {import("../../state.js").State} state */
export function createSearch(state) {
  const input = el("input", { type: "search", id: "zoek", autocomplete: "off", placeholder: t("search.placeholder"), "aria-controls": "zoek-hits" });
  const hits = el("div", { class: "hits", id: "zoek-hits", role: "status", hidden: true });
  const form = el("form", { class: "search", role: "search" }, icon("search"), el("label", { class: "vh", for: "zoek" }, t("search.placeholder")), input, el("kbd", { "aria-hidden": "true" }, "/"), hits);
  const opener = el("button", { class: "btn quiet icon phone-only", type: "button", "aria-label": t("search.open") }, icon("search"));
  const element = el("div", { class: "view" }, form, opener);
  let timer = 0;
  let running = new AbortController();

  opener.addEventListener("click", () => {
    form.classList.add("open");
    input.focus();
  });
  const close = () => {
    hits.hidden = true;
    hits.replaceChildren();
    form.classList.remove("open");
  };
  /** Whether what is shown answers what was typed: a later search may have come first. */
  const run = async () => {
    running.abort();
    running = new AbortController();
    const text = input.value.trim();
    if (text.length < 2) {
      close();
      return false;
    }
    const { signal } = running;
    const { find, show } = await import("./find.js");
    try {
      show(hits, await find(text, signal));
      return !signal.aborted;
    } catch (error) {
      if (!isSuperseded(error)) show(hits, [], error instanceof Error ? error.message : "");
      return false;
    }
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(run, DEBOUNCE_MS);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (await run()) hits.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, input, hits);
  });
  form.addEventListener("focusout", (event) => {
    if (!(event.relatedTarget instanceof Node) || !form.contains(event.relatedTarget)) close();
  });
  state.onChange((now, before) => now.week === before?.week && close());
  return { element };
}

/** @param {KeyboardEvent} event @param {HTMLElement} input @param {HTMLElement} hits */
function step(event, input, hits) {
  const stops = [input, ...hits.querySelectorAll("a")];
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = stops[at + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  next?.focus();
}
