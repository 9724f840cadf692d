/** What somebody else may change meanwhile is asked for again every few seconds, as long as somebody looks at the page. */
const AGAIN_MS = 5_000;

let byItself = false;

/** Whether the page asks this by itself, and not because of a person: it keeps nobody signed in. */
export const isByItself = () => byItself;

/** @param {() => unknown} again is called every few seconds, and at once when the page comes back into view */
export function follow(again) {
  const look = () => !document.hidden && again();
  const lookByItself = () => {
    byItself = true;
    try {
      look();
    } finally {
      byItself = false;
    }
  };
  setInterval(lookByItself, AGAIN_MS);
  document.addEventListener("visibilitychange", look);
}
