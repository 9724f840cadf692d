/** "Abonnementen": who hears what, where and how; what was delivered, what was given up, and trying that once more. */
import { get, post, read, send } from "../../api.js";
import { groupName, loadGroups } from "../../groups.js";
import { el } from "../../dom.js";
import { moment, t, word } from "../../i18n.js";
import { sureButton } from "./form.js";
import { createNotice } from "./notice.js";
import { createOnce } from "./once.js";
import { createReader } from "./reader.js";
import { createSubscriptionForm } from "./subscription_form.js";
import { createTable } from "./table.js";

/** @typedef {import("openapi").Subscription} Subscription */
/** @typedef {import("openapi").Delivery} Delivery */

const DELIVERIES = 50;

/** @param {import("./admin.js").Tools} tools @returns {import("./admin.js").Part} */
export function createSubscriptions({ state: { now } }) {
  const once = createOnce();
  const notice = createNotice();
  const table = createTable(
    "admin.subs.caption",
    [
      { head: "admin.subs.target", cell: (/** @type {Subscription} */ one) => [one.name && el("b", {}, `${one.name} `), one.target ?? t("admin.subs.own_mail"), one.made_by && el("small", {}, ` ${t("admin.subs.made_by", { who: one.made_by })}`)] },
      { head: "admin.subs.how", cell: (/** @type {Subscription} */ one) => [word("admin_channel", one.channel), one.rhythm && ` · ${word("admin_rhythm", one.rhythm)}`] },
      { head: "admin.subs.what", cell: (/** @type {Subscription} */ one) => filterWords(one.filter) },
      { head: "admin.subs.state", cell: (/** @type {Subscription} */ one) => [el("span", { class: one.active ? "chip" : "chip strong" }, state(one)), one.problem && el("small", {}, ` ${one.problem}`)] },
      { head: "admin.users.steps", cell: steps },
    ],
    (one) => ({ class: one.active ? undefined : "ended" }),
  );
  const reader = createReader(
    async () => (await Promise.all([get("/subscriptions"), loadGroups()]))[0],
    (/** @type {{items: Subscription[]}} */ { items }) => {
      table.show(items);
      return items.length === 0 ? t("admin.subs.none") : t("admin.subs.count", { n: items.length });
    },
  );
  const deliveries = createDeliveries(attempt);
  const adding = el("details", { class: "open-up" }, el("summary", {}, t("admin.subs.new")), createSubscriptionForm(once, reader.load, now.place));
  adding.open = now.place !== null; // an area that was drawn on the map
  const element = el("div", { class: "admin-part" }, el("p", { class: "small" }, t("admin.subs.lead")), once.element, notice.element, adding, reader.element, table.element, deliveries.element);

  /** @param {Subscription} one */
  function steps(one) {
    const name = one.name ?? one.target ?? t("admin.subs.own_mail");
    const open = el("a", { class: "btn", href: `/beheer/abonnementen?abonnement=${one.id}` }, t("admin.subs.deliveries"), el("span", { class: "vh" }, ` ${name}`));
    const turn = el("button", { class: "btn", type: "button", onclick: () => attempt(() => patch(one, { active: !one.active }), t(one.active ? "admin.subs.paused" : "admin.subs.resumed", { name })) }, t(one.active ? "admin.subs.pause" : "admin.subs.resume"), el("span", { class: "vh" }, ` ${name}`));
    const end = sureButton(t("admin.subs.end"), t("admin.subs.end_sure"), () => attempt(async () => send("DELETE", `/subscriptions/${one.id}`, undefined, { etag: await etagOf(one) }), t("admin.subs.ended", { name })), name);
    const test = el("button", { class: "btn", type: "button", onclick: () => attempt(() => tryOut(one)) }, t("admin.subs.test"), el("span", { class: "vh" }, ` ${name}`));
    return el("div", { class: "steps" }, open, test, turn, end);
  }

  /** @param {() => Promise<unknown>} act @param {string} [done] */
  function attempt(act, done) {
    return notice.attempt(act, reader.load, done);
  }

  return {
    element,
    show() {
      reader.load();
      deliveries.show(new URLSearchParams(location.search).get("abonnement"));
    },
  };
}

/** The version as it is now: a change names it. @param {Subscription} one */
const etagOf = async (one) => (await read(`/subscriptions/${one.id}`)).etag;

/** @param {Subscription} one @param {Record<string, unknown>} changes */
async function patch(one, changes) {
  await send("PATCH", `/subscriptions/${one.id}`, changes, { etag: await etagOf(one) });
}

/** Sends one event or e-mail, and says what the receiver answered. @param {Subscription} one */
async function tryOut(one) {
  const { delivered, status, error } = await post(`/subscriptions/${one.id}/test`, {});
  if (delivered && one.channel === "email") return t("admin.subs.test_mailed", { name: one.target ?? t("admin.subs.own_mail") });
  return delivered ? t("admin.subs.test_taken", { status }) : t("admin.subs.test_failed", { why: error ?? status ?? "" });
}

/** Whether it sends now, or when it does again. @param {Subscription} one */
export function state({ active, maker_left: left, snoozed_until: until }) {
  if (!active) return t(left ? "admin.subs.maker_left" : "admin.subs.off");
  return until && new Date(until) > new Date() ? t("admin.subs.sleeps", { at: moment(until) }) : t("admin.subs.on");
}

/** What passes the filter, in words. @param {Record<string, any>} filter */
export function filterWords(filter) {
  const lists = [
    [filter.types, (/** @type {string} */ code) => word("admin_alert", code.replace(".", "_"))],
    [filter.rules, (/** @type {string} */ code) => word("rule", code)],
    [filter.severities, (/** @type {string} */ code) => word("severity", code)],
    [filter.departments, (/** @type {string} */ code) => word("department", code)],
    [filter.owners, groupName],
    [filter.streets, (/** @type {string} */ name) => name],
  ];
  const words = lists.flatMap(([codes, say]) => (codes ? [codes.map(say).join(", ")] : []));
  if (filter.buildings) words.push(t("admin.subs.buildings", { n: filter.buildings.length }));
  if (filter.area) words.push(t("admin.subs.area"));
  return words.length > 0 ? words.join(" · ") : t("admin.subs.all");
}

/** What one subscription was sent. @param {(act: () => Promise<unknown>, done?: string) => Promise<void>} attempt */
function createDeliveries(attempt) {
  const title = el("h2", { tabindex: "-1" }, t("admin.subs.deliveries"));
  const dead = el("input", { type: "checkbox", onchange: () => reader.load() });
  const again = el("button", { class: "btn", type: "button", onclick: () => replay() }, t("admin.subs.replay"));
  const table = createTable("admin.subs.deliveries", [
    { head: "admin.subs.alert", cell: (/** @type {Delivery} */ one) => String(one.alert_seq) },
    { head: "admin.subs.made", cell: (/** @type {Delivery} */ one) => moment(one.created_at) },
    { head: "admin.subs.outcome", cell: (/** @type {Delivery} */ one) => (one.delivered_at ? t("admin.subs.delivered", { at: moment(one.delivered_at) }) : one.failed_at ? t("admin.subs.dead", { at: moment(one.failed_at) }) : t("admin.subs.waiting")) },
    { head: "admin.subs.attempts", isNumber: true, cell: (/** @type {Delivery} */ one) => String(one.attempts) },
    { head: "admin.subs.error", cell: (/** @type {Delivery} */ one) => one.last_error ?? "–" },
  ]);
  let id = "";
  const reader = createReader(
    () => get(`/subscriptions/${encodeURIComponent(id)}/deliveries?limit=${DELIVERIES}${dead.checked ? "&state=dead" : ""}`),
    (/** @type {{items: Delivery[]}} */ { items }) => {
      table.show(items);
      again.hidden = !items.some((one) => one.failed_at);
      return items.length === 0 ? t("admin.subs.no_deliveries") : t("admin.subs.delivery_count", { n: items.length });
    },
  );
  const element = el("section", { class: "admin-box", hidden: true }, el("div", { class: "board-head" }, title, el("label", { class: "tick" }, dead, el("span", {}, t("admin.subs.only_dead"))), again), reader.element, table.element);

  async function replay() {
    await attempt(async () => {
      const { queued } = await post(`/subscriptions/${encodeURIComponent(id)}/replay`, {});
      return t("admin.subs.replayed", { n: queued });
    });
    reader.load();
  }

  return {
    element,
    /** @param {string | null} wanted id of the subscription */
    show(wanted) {
      const isAnother = wanted !== id;
      id = wanted ?? "";
      element.hidden = !id;
      if (!id) return;
      if (isAnother) {
        reader.forget();
        table.show([]);
      }
      reader.load().then(() => isAnother && title.focus());
    },
  };
}
