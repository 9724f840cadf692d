/** Calls to /api/v1. Every failure becomes a Problem with words for the screen. */
import { currentLanguage, t } from "./i18n.js";

/** A refusal or failure in the server's own words (RFC 9457), or "no connection". */
export class Problem extends Error {
  /** @param {number} status HTTP status, 0 without connection @param {string} code @param {string} title */
  constructor(status, code, title) {
    super(title);
    this.status = status;
    this.code = code;
  }
}

/**
 * @param {string} path below /api/v1
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function get(path, signal) {
  return call(path, { signal });
}

/**
 * @param {string} path below /api/v1
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function post(path, body, signal) {
  return call(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, signal });
}

/** @param {unknown} error */
export function isSuperseded(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** @param {string} path @param {RequestInit} request */
async function call(path, request) {
  const headers = { Accept: "application/json", "Accept-Language": currentLanguage(), ...request.headers };
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...request, headers });
  } catch (error) {
    if (isSuperseded(error)) throw error;
    throw new Problem(0, "network", t("error.network"));
  }
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** @param {Response} response */
async function problem(response) {
  const body = await response.json().catch(() => ({}));
  return new Problem(response.status, body.code ?? "internal_error", body.title ?? t("error.unavailable"));
}
