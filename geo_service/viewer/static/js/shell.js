/** The frame of every screen. The rail shows only screens that exist. */
import { el, icon } from "./dom.js";
import { LANGUAGES, chooseLanguage, currentLanguage, t } from "./i18n.js";

/** @type {readonly {href: string, key: string, icon: "map"}[]} */
const SCREENS = [{ href: "/kaart", key: "screen.map", icon: "map" }];

export function createShell() {
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
      el("p", { class: "screen-name phone-only" }, t("screen.map")),
      el("p", { class: "name desk-only" }, t("app.title"), el("span", {}, ` · ${t("app.city")}`)),
      el("span", { class: "spring" }),
      bar,
      languageChoice(),
    ),
    el("nav", { class: "rail", "aria-label": t("shell.screens") }, ...SCREENS.map(screenLink)),
    note,
    main,
  );
  return { element, bar, note, main };
}

/** @param {typeof SCREENS[number]} screen */
function screenLink(screen) {
  const current = screen.href === "/kaart" ? "page" : undefined;
  return el("a", { href: screen.href, "aria-current": current }, icon(screen.icon), el("span", {}, t(screen.key)));
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
