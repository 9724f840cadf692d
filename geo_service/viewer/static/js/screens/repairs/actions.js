/** The steps of a crew with one repair: buttons, what they ask for, and in words why one cannot be taken, with ways on. Nothing typed is lost. */
import { Problem, change, get, post, read } from "../../api.js";
import { outbox } from "../../outbox/outbox.js";
import { el, fill, icon } from "../../dom.js";
import { day, t, word } from "../../i18n.js";
import { finishing, planning } from "./forms.js";
import { createCamera } from "../../outbox/camera.js";
import { may } from "../../person.js";
import { stepsOf } from "./steps.js";
import { repairName } from "./words.js";

/** @typedef {import("./steps.js").Item} Item */
/** @typedef {import("./steps.js").StepName} StepName */

const BLOCKED = "blocked_by_works";
const CHANGED_MEANWHILE = 412;

/**
 * @param {import("../../person.js").Someone} person
 * @param {() => string} today
 * @param {(words: string | null, isKept?: boolean) => Promise<unknown>} done reads again; `words` say what was done, null: only that others did
 *   something; `isKept`: it waits on this device
 */
export function createActions(person, today, done) {
  const buttons = el("div", { class: "steps" });
  const form = el("form", { class: "step-form", hidden: true, onsubmit: submit });
  const problem = el("div", { class: "problem", role: "alert", hidden: true });
  const element = el("div", { class: "actions", hidden: true }, buttons, form, problem);
  /** @type {Item | null} */
  let item = null;
  /** @type {{name: StepName, body: () => Record<string, unknown>} | null} the form that is open */
  let open = null;
  let busy = false;
  const camera = createCamera(t("crew.photo"), addPhoto);

  /** @param {Item | null} next */
  function show(next) {
    if (next?.repair.id !== item?.repair.id) close();
    item = next;
    render();
  }

  function render() {
    const mayAct = item !== null && may(person.current?.role, "write repairs");
    const steps = item && mayAct ? stepsOf(item).filter((name) => name !== "ask" || !may(person.current?.role, "override")) : [];
    element.hidden = steps.length === 0;
    const isAtWork = steps.includes("finish");
    camera.classList.toggle("primary", !open);
    fill(buttons, isAtWork && camera, ...steps.map((name, i) => button(name, i === 0 && !open && !isAtWork)));
  }

  /** @param {StepName} name @param {boolean} [isFirst] @param {() => unknown} [press] */
  function button(name, isFirst = false, press = () => start(name)) {
    const expanded = name === "plan" || name === "finish" ? String(open?.name === name) : undefined;
    return el("button", { class: isFirst ? "btn primary" : "btn", type: "button", disabled: busy, "data-step": name, "aria-expanded": expanded, onclick: press }, label(name));
  }

  /** @param {StepName} name */
  function label(name) {
    const until = item?.advice.blocked && item.advice.until;
    if (name === "plan" && until) return t("crew.move", { day: day(until) });
    return name === "plan" && item?.repair.planned ? t("crew.other_day") : word("crew", name);
  }

  /** A press of the button or key of a step; whether it can be taken now. @param {StepName} name */
  function start(name) {
    if (!item || busy || element.hidden || !stepsOf(item).includes(name)) return false;
    problem.hidden = true;
    if (open?.name === name) close();
    else if (name === "finish") openForm(name, finishing(item, today()));
    else if (name === "plan") openForm(name, planning(item, today(), person.current?.role ?? ""));
    else take(name, {});
    render();
    return true;
  }

  /** @param {StepName} name @param {import("./forms.js").Form} content */
  function openForm(name, content) {
    open = { name, body: content.body };
    const cancel = el("button", { class: "btn", type: "button", onclick: () => start(name) }, t("decision.cancel"));
    fill(form, ...content.fields, el("div", { class: "steps" }, el("button", { class: "btn primary", type: "submit" }, word("crew_confirm", name)), cancel));
    form.hidden = false;
    form.querySelector("input")?.focus();
  }

  function close() {
    open = null;
    form.hidden = true;
    fill(form);
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (open) take(open.name, open.body());
  }

  /** @param {StepName} name @param {Record<string, unknown>} body */
  async function take(name, body) {
    if (!item || busy) return;
    const about = item;
    let isKept = false;
    setBusy(true);
    try {
      isKept = !(await send(about, name, body)).isSent;
    } catch (error) {
      setBusy(false);
      if (item?.repair.id === about.repair.id) sayWhy(/** @type {Error} */ (error));
      return;
    }
    if (open?.name === name) close();
    problem.hidden = true;
    const words = isKept ? t("offline.kept", { step: word("offline_step", name), name: repairName(about) }) : t(`crew_done.${name}`, { name: repairName(about) });
    await done(words, isKept).catch(() => undefined);
    setBusy(false);
  }

  /** After the photo comes what was done. @param {Blob} photo */
  async function addPhoto(photo) {
    if (!item) return;
    const { id } = item.repair;
    problem.hidden = true;
    try {
      await outbox.take({ ...actionOf(item, "photo", {}), photo });
      if (item?.repair.id === id && open?.name !== "finish") start("finish");
    } catch (error) {
      if (item?.repair.id === id) sayWhy(/** @type {Error} */ (error));
    }
  }

  /** @param {boolean} now */
  function setBusy(now) {
    busy = now;
    form.querySelector("[type=submit]")?.toggleAttribute("disabled", now);
    render();
  }

  /** @param {Error} error */
  function sayWhy(error) {
    const blocked = error instanceof Problem && error.code === BLOCKED ? error.body : null;
    const reasons = error instanceof Problem ? error.reasons.join("; ") : "";
    if (error instanceof Problem && error.status === CHANGED_MEANWHILE) {
      fill(problem, el("p", {}, el("b", {}, t("decision.meanwhile")), ` ${t("decision.look_again")}`));
      done(null);
    } else if (blocked?.advice) fill(problem, ...refusal(error.message, blocked.advice, blocked.conflicts ?? []));
    else fill(problem, el("p", {}, el("b", {}, error.message), ` ${reasons} ${open ? t("decision.input_stays") : ""}`));
    problem.hidden = false;
  }

  /**
   * Why works keep this repair from its days, and each way on as a button. On other days, those of the list, it may well be free.
   * @param {string} title @param {import("openapi").Advice} advice @param {import("openapi").Conflict[]} conflicts
   */
  function refusal(title, advice, conflicts) {
    const blocking = conflicts.find((one) => one.blocking && one.id);
    const mayAsk = blocking && !may(person.current?.role, "override");
    const later = advice.until && el("button", { class: "btn", type: "button", onclick: () => planFrom(advice) }, t("crew.move", { day: day(advice.until) }));
    const safe = item?.repair.urgency !== "danger" && button("make_safe", false, () => take("make_safe", {}));
    const ask = mayAsk && button("ask", false, () => take("ask", { conflict: blocking.id }));
    return [el("p", {}, icon("block", "s"), " ", el("b", {}, title), ` ${advice.sentence}`), el("div", { class: "steps" }, later, safe, ask)];
  }

  /** @param {import("openapi").Advice} advice */
  function planFrom(advice) {
    if (!item || busy) return;
    problem.hidden = true;
    openForm("plan", planning({ ...item, advice }, today(), person.current?.role ?? ""));
    render();
  }

  person.onChange(render);
  return {
    element,
    show,
    /** Takes the first step. */
    press: () => item !== null && stepsOf(item).slice(0, 1).some(start),
    get isOpen() {
      return open !== null || !problem.hidden;
    },
  };
}

/** What can be done without network is kept until it was sent. @param {Item} item @param {StepName} name @param {Record<string, unknown>} body @returns {Promise<{isSent: boolean}>} */
async function send(item, name, body) {
  const { repair } = item;
  if (name === "start") return outbox.take(actionOf(item, name, { status: "in_progress" }));
  if (name === "make_safe") return outbox.take(actionOf(item, name, { urgency: "danger" }));
  if (name === "finish") return outbox.take(actionOf(item, name, body));
  if (name === "plan") await post(`/repairs/${repair.id}/schedule`, body);
  else await askRelease(repair, body.conflict ?? (await blockingOf(repair)));
  return { isSent: true };
}

/** @param {Item} item @param {import("../../outbox/outbox.js").Step} step @param {Record<string, unknown>} body @returns {import("../../outbox/outbox.js").Action} */
function actionOf(item, step, body) {
  return { step, repair: item.repair.id, name: repairName(item), version: item.repair.version, fields: item.repair, body };
}

/** Puts the question with a conflict that blocks the repair, where the coordinator decides. @param {import("openapi").Repair} repair @param {unknown} conflict its id */
async function askRelease(repair, conflict) {
  const path = `/conflicts/${conflict}`;
  const { etag } = await read(path);
  await change(`${path}/comment`, { text: t("crew.ask_text", { number: repair.number }) }, etag);
}

/** @param {import("openapi").Repair} repair */
async function blockingOf(repair) {
  /** @type {import("openapi").FullAdvice} */
  const { conflicts } = await get(`/repairs/${repair.id}/advice`);
  const blocking = conflicts.find((one) => one.blocking);
  if (!blocking) throw new Problem(CHANGED_MEANWHILE, "", "");
  return blocking.id;
}
