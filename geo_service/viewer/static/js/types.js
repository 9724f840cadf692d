/** Shapes of what the server answers (docs/ and /openapi.json are the reference). */

/** @typedef {{type: string, coordinates: any, geometries?: any}} Geometry GeoJSON, WGS84 lon/lat */
/** @typedef {[number, number]} LonLat */

/**
 * @typedef {object} Section
 * @property {string} id
 * @property {string} code
 * @property {string} [kind]
 * @property {string} [street]
 * @property {string} [side]
 * @property {number | string} [number_from]
 * @property {number | string} [number_to]
 * @property {string} [material]
 * @property {string} [laid_on]
 * @property {number} [area_m2]
 * @property {number} [distance_m]
 * @property {Geometry} [geometry]
 */

/**
 * @typedef {object} Reason
 * @property {string} code
 * @property {string} text
 * @property {Record<string, any>} [params]
 * @property {string} [source_id]
 * @property {string} [owner]
 * @property {string} [starts_on]
 * @property {string} [ends_on]
 * @property {string} [certainty]
 * @property {string} [works_id]
 * @property {string} [source]
 * @property {string} [rule]
 * @property {number} [probability] 0–1
 */

/**
 * @typedef {object} Alternative
 * @property {string} code
 * @property {string} text
 * @property {string} [consequence]
 * @property {number} [cost_eur]
 * @property {boolean} [recommended]
 * @property {string | null} [needs_role]
 */

/** @typedef {{distance_m?: number, overlap_m2?: number, overlap_share?: number, gap_days?: number, overlap_days?: number,
 *   probability?: number, cost_at_risk_eur?: number, lost_m2?: number, lost_share?: number, saving_eur?: number, digs?: number, inputs?: Record<string, unknown>}} Facts */

/** @typedef {{kind?: string, works?: any, dig?: any[], repair?: any, building?: any, street?: any, owner?: any, works_id?: string, repair_id?: string,
 *   building_id?: string, source_id?: string, claim?: any, starts_on?: string, ends_on?: string, free_from?: string | null, certainty?: string}} Party */

/**
 * @typedef {object} Conflict
 * @property {string} [id]
 * @property {string | null} [number] "C-83", once it is stored
 * @property {string} rule
 * @property {number} [rule_version]
 * @property {string} severity
 * @property {string} [status]
 * @property {boolean} opportunity
 * @property {boolean} [moratorium] the works came after the new surface
 * @property {Party} a
 * @property {Party} b
 * @property {Facts} facts
 * @property {Geometry} [geometry]
 * @property {Explanation} [explanation] when it was read by itself
 */

/** @typedef {{sentence: string, frontage: Frontage[], disappears_if: {code: string, text: string}[], sources: {works_id: string, source: string,
 *   source_id: string, owner: string, last_change: {field: string, observed_on: string} | null}[]}} Explanation */

/** @typedef {{street: string, text: string}} Frontage "voor huisnummer 12 tot 16" */

/** @typedef {{works_id: string, source: string, source_id: string, text: string}} Nearby */

/**
 * @typedef {object} Advice
 * @property {string} verdict
 * @property {string | null} until
 * @property {string} title
 * @property {string} sentence
 * @property {Reason[]} reasons
 * @property {Alternative[]} alternatives
 * @property {number | null} cost_at_risk_eur
 * @property {Conflict[]} conflicts
 * @property {{organisation: string, works_source_id?: string, phone?: string, email?: string}[]} contacts
 * @property {string} citizen_text
 * @property {string} computed_at
 * @property {number | null} data_age_seconds
 * @property {Section | null} section
 * @property {Nearby[]} nearby
 * @property {Frontage[]} frontage
 * @property {string | null} request_text
 * @property {boolean} blocked
 * @property {Order} [order]
 */

/** @typedef {{works_id: string | null, source: string, source_id: string, role: string, text: string, remark: string | null}} Step */

/** @typedef {{sentence: string, first: Step[], later: Step[], repair_from: string | null}} Order */

/** @typedef {{source: string, label: string, last_success_at: string | null, age_seconds: number | null,
 *   expected_seconds: number | null, state: "fresh" | "late" | "silent" | "never", counts?: Record<string, number>,
 *   last_failure?: {at: string, code: string | null, reason?: string, detail?: string | null} | null, shrunk?: {vanished: number, open: number, at: string} | null}} SourceStatus */

/**
 * @typedef {object} Status
 * @property {string} city
 * @property {string} today
 * @property {string} computed_at
 * @property {number | null} data_age_seconds
 * @property {SourceStatus[]} sources
 * @property {[number, number, number, number]} bounds
 * @property {LonLat} center
 * @property {boolean} demo
 * @property {{scenario: number | string, title: string, story: string, lon: number, lat: number}[]} golden
 */

export {};
