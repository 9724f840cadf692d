/** The images of a service of others (`background.js`). */

/** The map counts and prints only once all images came or failed. */
const PATIENCE_MS = 4_000;
/** A service that does not answer is left alone for so long. */
const REST_MS = 30_000;

/** The service of the images: asked with patience, left alone when it does not answer or is broken. @param {string} template @param {(answers: boolean) => void} say */
export function imagesOf(template, say) {
  let restsUntil = 0;

  /** @param {string} address @param {AbortSignal} left */
  async function ask(address, left) {
    try {
      const signal = AbortSignal.any([left, AbortSignal.timeout(PATIENCE_MS)]);
      const answer = await fetch(address, { signal, credentials: "omit", referrerPolicy: "origin" });
      if (answer.status >= 500) throw new Error(`${answer.status}`);
      return { answer, data: await answer.arrayBuffer() };
    } catch (problem) {
      if (!left.aborted) {
        restsUntil = Date.now() + REST_MS;
        say(false);
      }
      throw problem;
    }
  }

  return {
    wake: () => (restsUntil = 0),
    /** @param {string} url `background://z/x/y` @param {AbortSignal} left the map has moved on */
    async load(url, left) {
      if (Date.now() < restsUntil) throw new Error("the background does not answer");
      const [z = "", x = "", y = ""] = url.split("/").slice(-3);
      const { answer, data } = await ask(template.replace("{z}", z).replace("{x}", x).replace("{y}", y), left);
      say(true);
      if (!answer.ok) throw new Error(`no image of this place: ${answer.status}`);
      return { data };
    },
  };
}
