/** How much this department must decide, beside the word of the screen. */
import { get } from "./api.js";
import { el } from "./dom.js";
import { follow } from "./follow.js";
import { number, t } from "./i18n.js";
import { may } from "./person.js";

/** @param {import("./person.js").Someone} person @param {HTMLElement} shell */
export function startBadges(person, shell) {
  const link = shell.querySelector('.rail a[href="/afstemming"]');
  const count = el("span", { class: "badge", "aria-hidden": "true" });
  const spoken = el("span", { class: "vh" });
  link?.append(count, spoken);

  async function load() {
    if (!person.current) return;
    const own = may(person.current.role, "read all owners") ? "&mine=true" : "";
    const { total } = await get(`/cases?undecided=true&limit=1${own}`);
    count.hidden = spoken.hidden = total === 0;
    count.textContent = number(total, 0);
    spoken.textContent = ` ${t("badge.cases", { n: total })}`;
  }

  const quietly = () => load().catch(() => undefined); // that nobody answers stands in the bar
  follow(quietly);
  person.onChange(quietly);
}
