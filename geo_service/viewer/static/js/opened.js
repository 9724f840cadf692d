/** Where the thing lies that is open, for the map: a page opened by its address may know it before the map is there. */

/** @typedef {import("openapi").Geometry} Geometry */
/** @typedef {ReturnType<typeof createOpened>} Opened */

export function createOpened() {
  /** @type {((geometry: Geometry) => void)[]} */
  const listeners = [];
  /** @type {Geometry | null} */
  let current = null;
  return {
    /** @param {Geometry | null} geometry null: nothing is open, or it lies nowhere */
    show(geometry) {
      current = geometry;
      if (geometry) for (const listener of listeners) listener(geometry);
    },
    /** @param {(geometry: Geometry) => void} listener is called for what is open, and for what is opened later */
    onShow(listener) {
      listeners.push(listener);
      if (current) listener(current);
    },
  };
}
