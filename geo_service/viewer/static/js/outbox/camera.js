/** The button that opens the camera of a phone, or a choice of files at a desk. */
import { el } from "../dom.js";
import { smallPhoto } from "./photo.js";

/** @param {string} words @param {(photo: Blob, original: File) => unknown} onPhoto the original holds what the camera wrote; it is not sent */
export function createCamera(words, onPhoto) {
  const input = el("input", { type: "file", accept: "image/*", capture: "environment", class: "vh" });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    input.disabled = true;
    await onPhoto(await smallPhoto(file), file);
    input.value = "";
    input.disabled = false;
  });
  return el("label", { class: "btn camera" }, words, input);
}
