/** The style sheets of the worklist and of one repair. */
import { loadStyle } from "../../style.js";

/** Loads them once. */
export async function loadStyles() {
  const sheets = ["decision.css", "repairs.css"];
  await Promise.all(sheets.map((sheet) => loadStyle(new URL(`../../../css/${sheet}`, import.meta.url))));
}
