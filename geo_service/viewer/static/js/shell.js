/** The frame of every screen. The rail shows only screens that exist. */
import { el, fill, icon } from "./dom.js";
import { change, connection, session } from "./api.js";
import { LANGUAGES, chooseLanguage, currentLanguage, t } from "./i18n.js";
import { may } from "./person.js";

/** @type {readonly {screen: import("./address.js").Screen, href: string, key: string, icon: "map" | "crew" | "coord" | "board" | "rules" | "admin", isOfCity?: boolean}[]} */
const SCREENS = [
  { screen: "map", href: "/kaart", key: "screen.map", icon: "map" },
  { screen: "repairs", href: "/herstellingen", key: "screen.repairs", icon: "crew", isOfCity: true },
  { screen: "cases", href: "/afstemming", key: "screen.cases", icon: "coord" },
  { screen: "overview", href: "/overzicht", key: "screen.overview", icon: "board", isOfCity: true },
  { screen: "rules", href: "/regels", key: "screen.rules", icon: "rules", isOfCity: true },
  { screen: "admin", href: "/beheer", key: "screen.admin", icon: "admin", isOfCity: true },
];

/** @param {import("./state.js").State} state */
export function createShell(state) {
  const name = el("p", { class: "screen-name phone-only" });
  const city = el("span");
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
      el("p", { class: "name desk-only" }, t("app.title"), city),
      el("span", { class: "spring" }),
      bar,
      languageChoice(note),
    ),
    el("nav", { class: "rail", "aria-label": t("shell.screens") }, ...links),
    note,
    main,
  );
  state.onChange((now) => {
    name.textContent = t(SCREENS.find((one) => one.screen === now.screen)?.key ?? "screen.map");
    main.dataset.screen = layout(now);
    links.forEach((link, i) => (SCREENS[i]?.screen === now.screen ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current")));
  });
  return {
    element,
    bar,
    note,
    main,
    /** Whose works these are. @param {import("openapi").StatusOfAll | null} status */
    say: (status) => (city.textContent = status ? ` · ${status.city}` : ""),
    /** A partner sees its own works and cases only. @param {import("openapi").Me} me */
    fit: ({ role }) => links.forEach((link, i) => (link.hidden = SCREENS[i]?.isOfCity === true && !may(role, "read all owners"))),
  };
}

/** How the panel shares the screen with the map. @param {import("./address.js").ViewState} now */
function layout(now) {
  if (now.screen === "cases" && now.case && !now.selection) return "case";
  if (now.selection || now.repair || now.screen === "map") return "beside";
  if ((now.screen === "rules" && now.ruleId !== "parameters") || now.part === "inlezen") return "wide";
  return now.screen === "cases" ? "list" : "board";
}

/** @param {typeof SCREENS[number]} screen */
function screenLink(screen) {
  return el("a", { href: screen.href }, icon(screen.icon), el("span", {}, t(screen.key)));
}

/** @param {Element} note where it says why a language cannot be kept */
function languageChoice(note) {
  const reason = el("div", { class: "notice language-note", role: "alert", hidden: true });
  const choice = el(
    "select",
    { "aria-label": t("shell.language") },
    ...LANGUAGES.map((code) => el("option", { value: code, lang: code }, code.toUpperCase())),
  );
  choice.value = currentLanguage();
  choice.addEventListener("change", () => keepLanguage(choice.value === "en" ? "en" : "nl").catch(tell));
  for (const one of [connection, session]) one.onChange(() => (reason.hidden = true));
  note.append(reason);
  return choice;

  /** @param {import("./api.js").Problem} problem */
  function tell(problem) {
    choice.value = currentLanguage();
    fill(reason, el("span", {}, [t("shell.language_stays"), problem.message, ...(problem.reasons ?? [])].join(" ")));
    reason.hidden = false;
  }
}

/** Keeps the language with the account, so that the next device speaks it too; without the service it stays as it is. @param {import("./i18n.js").Language} language */
async function keepLanguage(language) {
  await change("/me", { language }, "", "PATCH");
  chooseLanguage(language);
}
