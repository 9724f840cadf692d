/** "Keep me informed about this street": an e-mail in the morning of what comes up there, to the person who asks, and the way back. */
import { get, post, read, send } from "../../api.js";
import { el, fill } from "../../dom.js";
import { t } from "../../i18n.js";
import { may } from "../../person.js";

/**
 * The button, for a thing with a street and a person with an e-mail address.
 * @param {any} item a building, repair or conflict @param {import("../../person.js").Person | null} person
 */
export function followStreet(item, person) {
  const street = item.street ?? item.explanation?.frontage?.[0]?.street;
  if (!street || !person?.email || !may(person.role, "subscribe")) return null;
  const element = el("div", { class: "foot", role: "status" });
  offer(element, street);
  return element;
}

/** @param {HTMLElement} element @param {string} street */
function offer(element, street) {
  place(element, t("follow_street.action", { street }), async () => {
    const own = (await subscriptionOf(street)) ?? (await post("/subscriptions", { channel: "email", rhythm: "digest", name: street, filter: { streets: [street] } }));
    const undo = async () => {
      const { etag } = await read(`/subscriptions/${own.id}`);
      await send("DELETE", `/subscriptions/${own.id}`, undefined, { etag });
      offer(element, street);
    };
    place(element, t("follow_street.undo"), undo, el("p", {}, t("follow_street.done", { street })));
  });
}

/** The button, below what was done; what goes wrong is said under it. @param {HTMLElement} element @param {string} label @param {() => Promise<void>} act @param {HTMLElement} [before] */
function place(element, label, act, before) {
  const button = el("button", { class: "btn quiet", type: "button", onclick: () => press(element, button, act) }, label);
  fill(element, before, button);
}

/** @param {HTMLElement} element @param {HTMLButtonElement} button @param {() => Promise<void>} act */
async function press(element, button, act) {
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    button.disabled = false;
    const { message, reasons } = /** @type {import("../../api.js").Problem} */ (error);
    fill(element, button, el("p", { class: "problem", role: "alert" }, [message, ...(reasons ?? [])].join(" ")));
  }
}

/** What the person asked for before: a second click makes no second e-mail. @param {string} street */
async function subscriptionOf(street) {
  /** @type {import("openapi").Subscription[]} */
  const own = (await get("/subscriptions")).items;
  return own.find(({ personal, active, filter }) => personal && active && JSON.stringify(filter) === JSON.stringify({ streets: [street] }));
}
