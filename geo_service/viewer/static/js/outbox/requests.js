/** How each action is put to the service. */

/** @typedef {import("./outbox.js").Entry} Entry */

/** @type {Record<import("./outbox.js").Step, (entry: Entry) => {path: string, method: string}>} */
const ROUTES = {
  start: ({ repair }) => ({ path: `/repairs/${repair}`, method: "PATCH" }),
  make_safe: ({ repair }) => ({ path: `/repairs/${repair}`, method: "PATCH" }),
  finish: ({ repair }) => ({ path: `/repairs/${repair}/complete`, method: "POST" }),
  photo: ({ repair }) => ({ path: `/repairs/${repair}/photos`, method: "POST" }),
  report: () => ({ path: "/repairs", method: "POST" }),
};
/** Photos add to a repair, whatever its version is. */
const OF_A_VERSION = ["start", "make_safe", "finish"];

/** @param {Entry} entry @returns {{path: string, request: RequestInit}} */
export function requestOf(entry) {
  const { path, method } = ROUTES[entry.step](entry);
  /** @type {Record<string, string>} */
  const headers = { "Idempotency-Key": entry.id };
  if (OF_A_VERSION.includes(entry.step) && entry.version !== null) headers["If-Match"] = `"${entry.version}"`;
  if (!entry.photo) return { path, request: { method, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(entry.body) } };
  const form = new FormData();
  form.append("photo", entry.photo, "photo.jpg");
  return { path, request: { method, headers, body: form } };
}
