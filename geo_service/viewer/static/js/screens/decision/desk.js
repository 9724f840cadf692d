/** Keeps what is open up to date: reads it again after each step and every few seconds, and tells what somebody else did. */
import { read } from "../../api.js";
import { follow, notReread } from "../../follow.js";
import { PERMISSIONS } from "../../person.js";
import { UNDO_MS } from "./steps.js";
import { createDecision } from "./decision.js";
import { lastStep } from "./trail.js";

/** @typedef {import("../../dom.js").Child} Child */

/**
 * @param {import("../../person.js").Someone} person
 * @param {object} view
 * @param {(body: any) => void} view.render shows what was read
 * @param {(body: any) => import("openapi").Conflict[]} view.conflicts
 * @param {(before: any, after: any) => Promise<Child[][]> | Child[][]} view.news sentences on what others did between two answers
 */
export function createDesk(person, view) {
  /** @type {{path: string, etag: string, body: any} | null} */
  let current = null;
  let turn = 0;
  const decision = createDecision(person, refresh);

  async function refresh() {
    if (!current) return [];
    const { path, etag, body: before } = current;
    const own = ++turn;
    const next = await read(path);
    if (own !== turn || current?.path !== path || next.etag === etag) return [];
    set({ path, ...next });
    return view.news(before, next.body);
  }

  /** @param {{path: string, etag: string, body: any} | null} next */
  function set(next) {
    current = next;
    if (next) view.render(next.body);
    decision.show(next && { path: next.path, etag: next.etag, conflicts: view.conflicts(next.body), last: undoable(next.body) });
  }

  /** The last step of the trail, when this person can undo it. @param {{events?: import("./trail.js").Event[]}} body */
  function undoable({ events }) {
    const last = events && lastStep(events);
    const me = person.current;
    if (!last || !me || (last.actor !== me.name && !PERMISSIONS.undo?.roles_for_others.includes(me.role))) return null;
    return { name: /** @type {import("./steps.js").StepName} */ (last.kind), until: Date.parse(last.at) + UNDO_MS };
  }

  person.onChange(() => set(current));
  follow(() => current && !decision.isBusy && refresh().then(decision.tell, notReread));
  return {
    element: decision.element,
    /** @param {string} path below /api/v1; reads it and shows it */
    async open(path) {
      const own = ++turn;
      if (current?.path !== path) set(null);
      const next = await read(path);
      if (own === turn) set({ path, ...next });
    },
    close() {
      turn += 1;
      set(null);
    },
    refresh,
    press: decision.press,
  };
}
