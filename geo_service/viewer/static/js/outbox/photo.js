/** A photo as it waits: small enough for a bad line, and without what the camera wrote beside it. */

const LONGEST_SIDE = 2048;
const QUALITY = 0.85;

/** @param {File} file @returns {Promise<Blob>} the file itself when this browser cannot read it: the service says why */
export async function smallPhoto(file) {
  try {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no image"))), "image/jpeg", QUALITY));
  } catch {
    return file;
  }
}

/** Where the camera says that a photo was taken; null when it does not. @param {File} file @returns {Promise<import("../geometry.js").LonLat | null>} */
export async function placeOfPhoto(file) {
  try {
    const { gps } = await import(new URL("../../vendor/exifr-7.1.3/mini.esm.mjs", import.meta.url).href);
    const place = await gps(file);
    return Number.isFinite(place?.longitude) && Number.isFinite(place?.latitude) ? [place.longitude, place.latitude] : null;
  } catch {
    return null;
  }
}
