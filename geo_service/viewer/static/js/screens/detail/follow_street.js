/** "Keep me informed about this street": an e-mail in the morning of what comes up there, to the person who asks. */
import { get, post } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";

/** Who has subscriptions: "subscribe" in domain/permissions.py. */
const READERS = ["utilities_desk", "workshop", "coordinator", "partner", "admin"];

/**
 * The button, for a thing with a street and a person with an e-mail address.
 * @param {any} item a building, repair or conflict @param {import("../../person.js").Person | null} person
 */
export function followStreet(item, person) {
  const street = item.street ?? item.explanation?.frontage?.[0]?.street;
  if (!street || !person?.email || !READERS.includes(person.role)) return null;
  const element = el("div", { class: "foot", role: "status" });
  const button = el("button", { class: "btn quiet", type: "button", onclick: () => follow(element, button, street) }, t("follow_street.action", { street }));
  fill(element, button);
  return element;
}

/** @param {HTMLElement} element @param {HTMLButtonElement} button @param {string} street */
async function follow(element, button, street) {
  button.disabled = true;
  try {
    if (!(await isFollowed(street))) await post("/subscriptions", { channel: "email", rhythm: "digest", name: street, filter: { streets: [street] } });
    fill(element, el("p", {}, t("follow_street.done", { street })));
  } catch (error) {
    button.disabled = false;
    const { message, reasons } = /** @type {import("../../api.js").Problem} */ (error);
    fill(element, button, el("p", { class: "problem", role: "alert" }, [message, ...(reasons ?? [])].join(" ")));
  }
}

/** Whether the person asked for this before: a second click makes no second e-mail. @param {string} street */
async function isFollowed(street) {
  /** @type {import("openapi").Subscription[]} */
  const own = (await get("/subscriptions")).items;
  return own.some(({ personal, active, filter }) => personal && active && JSON.stringify(filter) === JSON.stringify({ streets: [street] }));
}
