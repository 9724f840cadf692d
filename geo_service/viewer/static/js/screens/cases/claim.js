/** What a utility is asked to pay for a defect in its trench: make the claim, keep what became of it, take it along as PDF. */
import { get, post } from "../../api.js";
import { el, fill } from "../../dom.js";
import { euroInput, euros } from "../../amounts.js";
import { field } from "../../fields.js";
import { day, money, t, word } from "../../i18n.js";
import { address } from "../../address.js";
import { may } from "../../person.js";
import { actsOf, showProblem, unread } from "./paper.js";

/** @typedef {import("openapi").ClaimFile} Claim */

/** What may become of a claim (domain/claim_files.py). @type {Record<Claim["state"], ("accepted" | "refused" | "paid")[]>} */
const OUTCOMES = { sent: ["accepted", "refused", "paid"], accepted: ["paid", "refused"], refused: ["accepted"], paid: [] };

/** One claim. @param {Claim} claim @param {string} role @param {() => unknown} done */
export function claimPaper(claim, role, done) {
  const acts = may(role, "claim costs") && !claim.followed_by ? OUTCOMES[claim.state] : [];
  return el(
    "li",
    { class: "paper", "data-claim": claim.number },
    el("h3", {}, el("span", {}, `${claim.number} · ${claim.owner} · ${money(claim.amount_eur)}`), el("span", { class: "chip" }, word("claim_status", claim.state))),
    el("p", { class: "small" }, t("desk.claim_sent", { who: claim.sent_by, day: day(claim.created_at) }), claim.answered_by && ` · ${claim.answered_by}, ${day(claim.updated_at)}`, claim.note && el("q", {}, claim.note)),
    (claim.follows || claim.followed_by) && el("p", { class: "small" }, claim.follows ? t("desk.claim_follows", { number: claim.follows }) : t("desk.claim_followed", { number: claim.followed_by ?? "" })),
    el("p", {}, el("a", { href: `/api/v1/claim-files/${claim.id}/pdf`, target: "_blank" }, t("desk.claim_pdf")), " · ", el("a", { href: address({ selection: `conflict:${claim.conflict_id}`, list: null }) }, t("desk.to_conflict"))),
    ...actsOf(`/claim-files/${claim.id}`, acts.map((name) => ({ name, label: t(`desk.claim.${name}`) })), done),
  );
}

/** The claims of a case, and a form for each defect that nobody claimed yet. @param {import("../../person.js").Someone} person @param {() => unknown} done */
export function createClaims(person, done) {
  const rows = el("ul", { class: "papers view" });
  const element = el("section", { "aria-label": t("desk.claims"), hidden: true }, el("h2", { class: "label" }, t("desk.claims")), rows);
  /** For who may claim what nobody claimed yet. */
  const opener = el("button", { class: "btn primary", type: "button", hidden: true, onclick: open });
  /** @type {import("openapi").Conflict[]} */
  let matter = [];
  let drawn = "";
  let turn = 0;

  function open() {
    const amount = rows.querySelector("form input");
    const fold = amount?.closest("details");
    if (fold) fold.open = true;
    if (amount instanceof HTMLElement) amount.focus();
  }

  /** Nothing of one case stays under another. */
  function clear() {
    turn += 1;
    matter = [];
    drawn = "";
    fill(rows);
    element.hidden = opener.hidden = true;
  }

  /** @param {import("openapi").Conflict[]} conflicts */
  async function show(conflicts) {
    const own = ++turn;
    const role = person.current?.role ?? "";
    matter = conflicts.filter((one) => one.rule === "guarantee_applies" && one.id);
    element.hidden = matter.length === 0 || !may(role, "read all owners");
    opener.hidden ||= element.hidden;
    if (element.hidden) return;
    const pages = await Promise.all(matter.map((one) => get(`/claim-files?conflict=${one.id}`))).catch((/** @type {Error} */ error) => error);
    if (own !== turn) return;
    if (pages instanceof Error) {
      if (!drawn) fill(rows, unread(pages, () => show(matter)));
      return; // what is drawn and typed stays
    }
    const content = JSON.stringify([matter.map((one) => one.id), pages, role]);
    if (content === drawn) return; // what is typed stays
    drawn = content;
    const again = async () => {
      await show(matter);
      await done();
    };
    fill(rows, ...pages.flatMap((page, i) => papersOf(/** @type {import("openapi").Conflict} */ (matter[i]), page.items, role, again)));
    opener.hidden = rows.querySelector("form") === null;
  }

  return { element, opener, show, clear };
}

/** The claims for a defect, and a form for the first one, or for one after a refusal. @param {import("openapi").Conflict} conflict @param {Claim[]} claims @param {string} role @param {() => unknown} done */
function papersOf(conflict, claims, role, done) {
  const last = claims.at(-1);
  const papers = claims.map((one) => claimPaper(one, role, done));
  if (!last) return [claimForm(conflict, role, done)];
  const open = last.state === "refused" && !last.followed_by && may(role, "claim costs");
  return open ? [...papers, el("li", {}, el("details", { class: "open-up" }, el("summary", {}, t("desk.claim_again", { number: last.number })), claimForm(conflict, role, done, last)))] : papers;
}

/** @param {import("openapi").Conflict} conflict @param {string} role @param {() => unknown} done @param {Claim} [last] the refused claim that it follows */
function claimForm(conflict, role, done, last) {
  if (!may(role, "claim costs")) return el("li", { class: "small" }, t("desk.nothing_claimed"));
  const amount = euroInput();
  const note = el("textarea", { rows: "2", maxlength: "2000" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const send = el("button", { class: "btn primary", type: "submit" }, t("desk.make_claim"));

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    problem.hidden = true;
    try {
      await post(`/conflicts/${conflict.id}/claim-file`, { amount_eur: euros(amount.value), note: note.value.trim() || null, follows: last?.id ?? null });
      await done();
    } catch (error) {
      showProblem(problem, error);
    } finally {
      send.disabled = false;
    }
  }

  const form = el("form", { class: "step-form", onsubmit: submit }, el("p", {}, last ? t("desk.claim_again_lead") : t("desk.claim_lead", { number: conflict.number ?? "" })), field("desk.amount", amount, t("desk.amount_hint")), field("decision.note", note), el("div", { class: "steps" }, send), problem);
  return last ? form : el("li", {}, form);
}
