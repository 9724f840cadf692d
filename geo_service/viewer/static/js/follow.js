/** What somebody else may change meanwhile is asked for again every few seconds, as long as somebody looks at the page. */
const AGAIN_MS = 5_000;

/** @param {() => unknown} again is called every few seconds, and at once when the page comes back into view */
export function follow(again) {
  const look = () => !document.hidden && again();
  setInterval(look, AGAIN_MS);
  document.addEventListener("visibilitychange", look);
}
