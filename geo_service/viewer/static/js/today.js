/** The day of the service, which need not be that of this device. */
import { shiftDay } from "./i18n.js";

/** Settles once the service said which day it is, or does not answer. @param {import("./status.js").StatusSource} status */
export async function todayOf(status) {
  if (!status.current) await status.load();
  return () => status.current?.today ?? shiftDay(new Date().toISOString(), 0);
}
