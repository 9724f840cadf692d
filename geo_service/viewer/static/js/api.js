/** Calls to /api/v1. Every failure becomes a Problem with words for the screen; each call tells whether the service answers. */
import { isByItself } from "./follow.js";
import { currentLanguage, t } from "./i18n.js";

/** Longer than any answer takes: who waits longer has none. */
const PATIENCE_MS = 20_000;
/** A photo on a slow line. */
const PHOTO_MS = 120_000;
/** The service is not there, unless it says itself that it is busy. */
const NOT_THERE = [502, 503, 504];
const SIGNED_OUT = 401;

/** A refusal or failure in the server's own words (RFC 9457), or "no connection". */
export class Problem extends Error {
  /** @param {number} status HTTP status, 0 without connection @param {string} code @param {string} title @param {string[]} [reasons] */
  constructor(status, code, title, reasons = []) {
    super(title);
    /** What else the answer tells: of a repair that works block, their conflicts and the advice. @type {import("openapi").BlockedProblem | null} */
    this.body = null;
    this.status = status;
    this.code = code;
    /** What is wrong, in the server's words: field by field, or in one sentence. */
    this.reasons = reasons;
  }
}

/**
 * @param {string} path below /api/v1
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, signal) {
  return contentOf(await call(path, { signal }));
}

/**
 * The same with the version that was read, which a change must name.
 * @param {string} path below /api/v1
 * @returns {Promise<{body: any, etag: string}>}
 */
export async function read(path) {
  const response = await call(path, {});
  return { body: await contentOf(response), etag: response.headers.get("ETag") ?? "" };
}

/**
 * @param {string} path below /api/v1
 * @param {unknown} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function post(path, body, signal) {
  return send("POST", path, body, { signal });
}

/**
 * Changes what was read at this version; 412 when somebody else was first. Returns the new version, empty without an ETag.
 * @param {string} path below /api/v1
 * @param {unknown} body
 * @param {string} etag
 * @param {"POST" | "PATCH"} [method]
 */
export async function change(path, body, etag, method = "POST") {
  const response = await ask(method, path, body, { etag });
  return response.headers.get("ETag") ?? "";
}

/**
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {unknown} [body] or a form
 * @param {{etag?: string, patience?: number, signal?: AbortSignal}} [how]
 * @returns {Promise<any>} null when the answer is empty
 */
export async function send(method, path, body, how = {}) {
  const response = await ask(method, path, body, how);
  return response.status === 204 ? null : contentOf(response);
}

/** @param {string} method @param {string} path @param {unknown} body @param {{etag?: string, patience?: number, signal?: AbortSignal}} how */
function ask(method, path, body, { etag, patience, signal }) {
  const isForm = body instanceof FormData;
  /** @type {Record<string, string>} */
  const headers = { ...(body !== undefined && !isForm && { "Content-Type": "application/json" }), ...(etag && { "If-Match": etag }) };
  return call(path, { method, headers, body: isForm ? body : JSON.stringify(body), signal }, patience);
}

/** @type {WeakMap<object, string>} */
const ages = new WeakMap();

/** Since when an answer is that this device kept, as nobody answers; null for one of now. @param {object} answer @returns {string | null} */
export const keptAt = (answer) => ages.get(answer) ?? null;

/** No answer, or one that broke off: the line is gone, unless the page itself asks no more. @param {unknown} error @returns {never} */
function unheard(error) {
  if (isSuperseded(error)) throw error;
  heard(false);
  throw new Problem(0, "network", t("error.network"));
}

/** @param {Response} response */
async function contentOf(response) {
  const content = await response.json().catch((error) => unheard(error));
  const since = ageOf(response);
  if (since) ages.set(content, since);
  return content;
}

/** @param {Response} response */
const ageOf = (response) => response.headers.get("X-Kept-At");

/** @type {Date | null} */
let downSince = null;
/** @type {(() => void)[]} */
const hearers = [];

/** Whether the service answers, as the last call found it. */
export const connection = {
  /** Since when it does not answer; null while it does. */
  get downSince() {
    return downSince;
  },
  /** @param {() => void} hearer is called when it stops to answer, and when it answers again */
  onChange(hearer) {
    hearers.push(hearer);
  },
};

let signedOut = false;
/** @type {(() => void)[]} */
const doorkeepers = [];

/** Whether the session of this page has ended, as the last call that needs one found it. */
export const session = {
  get isOver() {
    return signedOut;
  },
  /** @param {() => void} listener is called when it ends, and when the person has signed in again */
  onChange(listener) {
    doorkeepers.push(listener);
  },
};

/** @param {boolean} isOver */
function noteSession(isOver) {
  if (signedOut === isOver) return;
  signedOut = isOver;
  for (const listener of doorkeepers) listener();
}

/** @param {boolean} answers */
function heard(answers) {
  if ((downSince === null) === answers) return;
  downSince = answers ? null : new Date();
  for (const hearer of hearers) hearer();
}

/** Whether this failure says nothing about the question: nobody answered it. @param {unknown} error */
export function isUnanswered(error) {
  return error instanceof Problem && (error.status === 0 || NOT_THERE.includes(error.status));
}

/** @param {unknown} error */
export function isSuperseded(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** @param {string} path below /api/v1 @param {RequestInit} request @param {number} [patience] ms */
export async function call(path, request, patience = request.body instanceof FormData ? PHOTO_MS : PATIENCE_MS) {
  /** @type {Record<string, string>} */
  const background = isByItself() ? { "X-Background": "1" } : {};
  const headers = { Accept: "application/json", "Accept-Language": currentLanguage(), ...background, ...request.headers };
  const signal = AbortSignal.any([AbortSignal.timeout(patience), ...(request.signal ? [request.signal] : [])]);
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...request, headers, signal });
  } catch (error) {
    unheard(error);
  }
  const isKept = ageOf(response) !== null;
  const failure = response.ok ? null : await problem(response);
  heard(!isKept && (!NOT_THERE.includes(response.status) || failure?.code === "busy"));
  if (response.status === SIGNED_OUT) noteSession(true);
  else if (response.ok && !isKept && !path.startsWith("/status")) noteSession(false);
  if (failure) throw failure;
  return response;
}

/** @param {Response} response */
async function problem(response) {
  const body = await response.json().catch(() => ({}));
  if (response.status === SIGNED_OUT) return new Problem(SIGNED_OUT, "unauthenticated", t("error.unauthorized"));
  return Object.assign(new Problem(response.status, body.code ?? "internal_error", body.title ?? t("error.unavailable"), reasonsOf(body)), { body });
}

/** @param {{detail?: string, errors?: {message: string}[]}} body */
function reasonsOf(body) {
  const fields = (body.errors ?? []).map((one) => one.message);
  return fields.length > 0 || !body.detail ? fields : [body.detail];
}
