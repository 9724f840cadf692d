/** Fetches the pen when the address first asks for it, and leads clicks and keys to it while it is in use. */
/** @typedef {import("./sketch.js").Sketch} Sketch */

/**
 * @param {import("maplibre-gl").Map} map once it is loaded
 * @param {import("../state.js").State} state
 * @param {HTMLElement} tools what floats on the map
 */
export function createDrawing(map, state, tools) {
  /** @type {Promise<Sketch> | null} */
  let sketch = null;

  async function load() {
    const created = await (await import("./sketch.js")).loadSketch(map, state);
    tools.append(created.element);
    return created;
  }

  /** @param {(sketch: Sketch) => void} act */
  function withSketch(act) {
    sketch ??= load();
    sketch.then(act, () => (sketch = null));
  }

  state.onChange((now, before) => {
    if (!sketch && !now.draw) return;
    withSketch((one) => one.show(state.now));
    if (now.draw && !before?.draw) map.getCanvas().focus({ preventScroll: true });
  });
  map.getCanvas().addEventListener("keydown", (event) => {
    if (!state.now.draw || event.key !== "Backspace") return;
    event.preventDefault();
    withSketch((one) => one.removeLast());
  });
  return {
    /** Whether a click is a corner; takes it then. @param {import("maplibre-gl").LngLat} at */
    takes(at) {
      if (state.now.draw) withSketch((one) => one.add(at));
      return state.now.draw !== null;
    },
  };
}
