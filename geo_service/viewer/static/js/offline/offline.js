/**
 * Readies the page for a dead zone: the worker that keeps it, what a crew needs on the road, and the queue of what it does there. Who signs out
 * leaves nothing behind.
 */
import { createQueueNote } from "../outbox/note.js";
import { may } from "../person.js";
import { guardExit } from "./exit.js";
import { createUpgradeNote } from "./upgrade.js";
import { startProvisions } from "./provisions.js";

/**
 * @param {import("../person.js").Someone} person
 * @param {import("../status.js").StatusSource} status
 * @param {HTMLElement} note below the bar
 */
export function startOffline(person, status, note) {
  note.append(createQueueNote(), createUpgradeNote());
  person.onChange((me) => {
    if (may(me.role, "write repairs")) startProvisions(status);
  });
  guardExit(person.element);
  navigator.serviceWorker?.register("/worker.js", { updateViaCache: "none" }).catch(() => undefined); // without: the page works while there is network
}
