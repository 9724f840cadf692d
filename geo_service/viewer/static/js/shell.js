/** The frame of every screen. The rail shows only screens that exist. */
import { el, icon } from "./dom.js";
import { LANGUAGES, chooseLanguage, currentLanguage, t } from "./i18n.js";

/** @type {readonly {screen: import("./address.js").Screen, href: string, key: string, icon: "map" | "coord"}[]} */
const SCREENS = [
  { screen: "map", href: "/kaart", key: "screen.map", icon: "map" },
  { screen: "cases", href: "/afstemming", key: "screen.cases", icon: "coord" },
];

/** @param {import("./state.js").State} state */
export function createShell(state) {
  const name = el("p", { class: "screen-name phone-only" });
  const links = SCREENS.map(screenLink);
  const bar = el("div", { class: "view" });
  const note = el("div");
  const main = el("main", { class: "screen", id: "inhoud", tabindex: "-1" });
  const element = el(
    "div",
    { class: "app" },
    el("a", { class: "skip", href: "#inhoud" }, t("shell.skip")),
    el("div", { class: "brand" }, el("img", { src: new URL("../icon.svg", import.meta.url).href, alt: "" })),
    el(
      "header",
      { class: "bar" },
      name,
      el("p", { class: "name desk-only" }, t("app.title"), el("span", {}, ` · ${t("app.city")}`)),
      el("span", { class: "spring" }),
      bar,
      languageChoice(),
    ),
    el("nav", { class: "rail", "aria-label": t("shell.screens") }, ...links),
    note,
    main,
  );
  state.onChange((now) => {
    name.textContent = t(now.screen === "cases" ? "screen.cases" : "screen.map");
    main.dataset.screen = now.screen === "cases" && !now.selection && !now.case ? "list" : "beside";
    links.forEach((link, i) => (SCREENS[i]?.screen === now.screen ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
  });
  return { element, bar, note, main };
}

/** @param {typeof SCREENS[number]} screen */
function screenLink(screen) {
  return el("a", { href: screen.href }, icon(screen.icon), el("span", {}, t(screen.key)));
}

function languageChoice() {
  const choice = el(
    "select",
    { "aria-label": t("shell.language") },
    ...LANGUAGES.map((code) => el("option", { value: code, lang: code }, code.toUpperCase())),
  );
  choice.value = currentLanguage();
  choice.addEventListener("change", () => chooseLanguage(choice.value === "en" ? "en" : "nl"));
  return choice;
}
