/** What the API takes and answers. Written by scripts/openapi_types.py from the OpenAPI document: do not edit. */

/** GeoJSON (RFC 7946), WGS84 lon/lat. */
export interface Geometry {
  type: string;
  coordinates: any;
  geometries?: any;
}

/** `not_found`: never there, or with `deletion`: not there any more. */
export interface AbsentProblem {
  type: string;
  title: string;
  status: number;
  code: string;
  instance: string;
  detail?: string | null;
  errors?: FieldProblem[] | null;
  deletion?: Deletion | null;
}

/** Lines to accept, one or many. */
export interface AcceptIn {
  lines: ChoiceIn[];
}

/** What became of each line, in their order. */
export interface Accepted {
  lines: AcceptedLine[];
  accepted: number;
}

/** What became of a line: `code` and `message` say why it was refused (`blocked_by_works`, `version_mismatch`, `invalid_transition`, `not_found`); `repair` is as it is now, null when there is none. */
export interface AcceptedLine {
  repair_id: string;
  accepted: boolean;
  code: string | null;
  message: string | null;
  repair: Repair | null;
}

/** What to do with one repair. */
export interface Advice {
  verdict: "repair" | "make_safe" | "wait" | "combine" | "recover" | "coordinate";
  until: string | null;
  blocked: boolean;
  title: string;
  sentence: string;
  reasons: Reason[];
  alternatives: Alternative[];
  cost_at_risk_eur: number;
  contacts: Contact[];
  citizen_text: string;
  /** the order of works behind the verdict: the same works, days and euros */
  order: Sequence;
}

/** How the advice on a repair changed: `data` as in the feed. */
export interface AdviceChange {
  type: "repair.held" | "repair.hold_moved" | "repair.released" | "advice.changed";
  at: string;
  data: Record<string, any>;
}

/** May this be repaired? Without days: today. */
export interface AdviceIn {
  geometry: Geometry;
  scope?: "spot" | "section" | "area";
  category?: "pothole" | "subsidence" | "loose_slab" | "root_damage" | "kerb" | "other";
  urgency?: "low" | "normal" | "high" | "danger";
  starts_on?: string | null;
  ends_on?: string | null;
}

/** One line of the answer to many questions: advice, or the fields that were refused. */
export interface AdviceRow {
  /** its place among the rows, from 0 */
  row: number;
  advice?: PlainAdvice | null;
  errors?: FieldProblem[] | null;
}

/** Many questions at once. A row that cannot be read is refused by itself: its fields are those of one question. */
export interface AdviceRowsIn {
  rows: AdviceIn[];
}

/** Cases that have been open for so many days; `opened_from` and `opened_until` are the filters of the list behind it. */
export interface Age {
  least_days: number;
  most_days: number | null;
  opened_from: string | null;
  opened_until: string;
  cases: number;
}

/** What both sides agreed on, and until when: the first day on which it no longer holds. */
export interface AgreeIn {
  kind: "hold_until" | "patch_only" | "combine" | "full_width" | "works_move";
  until?: string | null;
  note?: string | null;
}

/** What both sides agreed on; `until` is the first day on which it no longer holds. */
export interface Agreement {
  kind: "hold_until" | "patch_only" | "combine" | "full_width" | "works_move";
  until: string | null;
  note: string | null;
}

/** The import for which a queued one waits. */
export interface Ahead {
  id: string;
  source: string;
  started_at: string;
}

/** Something that people or systems are told: codes and facts, no sentences, nothing about a citizen. */
export interface Alert {
  /** its place in the feed */
  cursor: number;
  id: string;
  type: "conflict.opened" | "conflict.reopened" | "conflict.changed" | "conflict.withdrawn" | "conflict.expired" | "conflict.status_changed" | "conflict.assigned" | "conflict.commented" | "conflict.reminded" | "conflict.escalated" | "repair.held" | "repair.hold_moved" | "repair.released" | "repair.message_added" | "advice.changed" | "request.asked" | "request.answered" | "request.no_answer" | "request.withdrawn" | "feed.stopped" | "feed.resumed" | "feed.shrank";
  at: string;
  conflict_id: string | null;
  repair_id: string | null;
  departments: string[];
  data: Record<string, any>;
}

/** A piece of the feed. */
export interface AlertPage {
  items: Alert[];
  /** `after` of the next page; null at the end */
  next: number | null;
  /** where to go on later */
  last: number;
  /** which feed this is: another one after a backup was put back */
  epoch: string;
}

/** The process answers. */
export interface Alive {
  status: "ok";
}

/** What else could be done, and what comes of it. */
export interface Alternative {
  code: string;
  text: string;
  consequence: string;
  cost_eur: number | null;
  /** expected cost in all, waiting and losses included; null: nobody knows */
  expected_eur: number | null;
  recommended: boolean;
  needs_role: string | null;
}

/** Words beside an answer, if any. */
export interface AnswerIn {
  note?: string | null;
}

/** With the pavement section at that place; `warning` says that none is known there, so that a free verdict says less than it seems. */
export interface AskedAdvice {
  verdict: "repair" | "make_safe" | "wait" | "combine" | "recover" | "coordinate";
  until: string | null;
  blocked: boolean;
  title: string;
  sentence: string;
  reasons: Reason[];
  alternatives: Alternative[];
  cost_at_risk_eur: number;
  contacts: Contact[];
  citizen_text: string;
  /** the order of works behind the verdict: the same works, days and euros */
  order: Sequence;
  conflicts: Conflict[];
  nearby: Nearby[];
  frontage: Frontage[];
  /** what to ask the owner of the works; null when there is nobody to ask */
  request_text: string | null;
  computed_at: string;
  data_age_seconds: number | null;
  /** on this section within 25 m, nearest first */
  reported: ReportedDefect[];
  section: Record<string, any> | null;
  warning: string | null;
}

/** Who follows this up, and until which day; null takes it away, what is left out stays. */
export interface AssignIn {
  department?: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  person?: string | null;
  due_on?: string | null;
}

/** The cases to be decided that are no opportunities, and those of them that were opened in the last seven days. */
export interface AtStake {
  cases: number;
  at_risk_eur: number;
  /** of opportunities */
  saving_eur: number;
  /** since when the oldest is open */
  oldest_on: string | null;
  week: CaseTotals;
  week_from: string;
}

/** One act. Entries are never changed. */
export interface AuditEntry {
  id: string;
  at: string;
  /** name of the person or the key, `command line`, or `anonymous` */
  who: string;
  /** of a person */
  user_id: string | null;
  action: "signed_in" | "sign_in_failed" | "sign_in_refused" | "signed_out" | "password_set" | "second_factor_set" | "second_factor_removed" | "paper_codes_renewed" | "sessions_ended" | "link_created" | "user_created" | "user_disabled" | "role_changed" | "key_created" | "key_rotated" | "key_revoked" | "reporter_seen" | "photo_seen" | "attachment_seen" | "contacts_seen" | "personal_data_exported" | "personal_data_erased" | "personal_data_purged" | "personal_data_resealed" | "audit_exported" | "parameter_set" | "record_written" | "refused";
  /** `user:id`, `key:id` or `account:unknown` */
  thing: string;
  facts: Record<string, any>;
}

/** What holds and combinations that were carried out have spared. */
export interface Avoided {
  avoided_cost_eur: number;
  years: AvoidedYear[];
}

/** One conflict that coordination spared the city. */
export interface AvoidedItem {
  conflict_id: string;
  number: string;
  on: string;
  way: "hold" | "taken_along" | "one_trench";
  avoided_cost_eur: number;
}

/** What a year adds up to, conflict by conflict. */
export interface AvoidedItems {
  items: AvoidedItem[];
  avoided_cost_eur: number;
}

/** What a year's coordination spared: `repairs` that waited for works (`held_eur`), and `combinations` that were carried out: repairs that a utility took along and trenches that two owners shared (`combined_eur`). */
export interface AvoidedYear {
  year: number;
  repairs: number;
  held_eur: number;
  combinations: number;
  combined_eur: number;
  avoided_cost_eur: number;
}

/** `blocked_by_works`: the repair cannot be planned; the other 409, `invalid_transition`, has neither conflicts nor advice. */
export interface BlockedProblem {
  type: string;
  title: string;
  status: number;
  code: string;
  instance: string;
  detail?: string | null;
  errors?: FieldProblem[] | null;
  conflicts?: Conflict[] | null;
  advice?: Advice | null;
}

/** Whole weeks, by street or by owner, the most at stake first. */
export interface Board {
  from_on: string;
  /** the first day after them */
  until_on: string;
  group: "street" | "owner";
  lanes: Lane[];
  open_streets: OpenStreets[];
  /** as many streets may be open in one week: a parameter of the city */
  open_streets_most: number;
}

/** A building footprint. */
export interface Building {
  id: string;
  source: string;
  source_id: string;
  street: string | null;
  house_number: string | null;
  function: string;
  name: string | null;
  owner: string | null;
  area_m2: number;
  geometry: Geometry;
}

/** Conflicts that are one matter, to be decided at once. */
export interface Case {
  id: string;
  conflict_ids: string[];
  rules: string[];
  conflicts: number;
  /** of those conflicts: open or acknowledged */
  undecided: number;
  repairs: number;
  statuses: ("open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn")[];
  opportunity: boolean;
  blocking: boolean;
  severity: "info" | "low" | "medium" | "high" | "critical";
  owners: string[];
  /** at risk, or to be saved, together */
  eur: number;
  /** the day on which the first of the sides begins */
  decide_by: string;
  due_on: string | null;
  /** the coordinator is asked to decide */
  escalated: boolean;
  /** the day on which the first of its conflicts was opened */
  open_since: string;
  /** a utility was asked to take repairs along, and has not answered */
  waits: boolean;
  /** along which its ground lies */
  streets: string[];
  departments: string[];
  persons: string[];
  score: Score;
  /** null where no house is near */
  place: Place | null;
  lon: number;
  lat: number;
}

/** With each of its conflicts and the trail of each: who did what, when, on which facts. */
export interface CaseExport {
  id: string;
  conflict_ids: string[];
  rules: string[];
  conflicts: number;
  /** of those conflicts: open or acknowledged */
  undecided: number;
  repairs: number;
  statuses: ("open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn")[];
  opportunity: boolean;
  blocking: boolean;
  severity: "info" | "low" | "medium" | "high" | "critical";
  owners: string[];
  /** at risk, or to be saved, together */
  eur: number;
  /** the day on which the first of the sides begins */
  decide_by: string;
  due_on: string | null;
  /** the coordinator is asked to decide */
  escalated: boolean;
  /** the day on which the first of its conflicts was opened */
  open_since: string;
  /** a utility was asked to take repairs along, and has not answered */
  waits: boolean;
  /** along which its ground lies */
  streets: string[];
  departments: string[];
  persons: string[];
  score: Score;
  /** null where no house is near */
  place: Place | null;
  lon: number;
  lat: number;
  items: ConflictWithTrail[];
  exported_at: string;
}

/** A page of cases, and the totals of all of them. */
export interface CasePage {
  items: Case[];
  next: string | null;
  total: number;
  totals: CaseTotals;
}

/** What the cases of a list add up to; a repair that lies in several of them counts once. */
export interface CaseTotals {
  cases: number;
  at_risk_eur: number;
  /** of opportunities */
  saving_eur: number;
  /** since when the oldest is open */
  oldest_on: string | null;
}

/** With each of its conflicts, by number. */
export interface CaseWithConflicts {
  id: string;
  conflict_ids: string[];
  rules: string[];
  conflicts: number;
  /** of those conflicts: open or acknowledged */
  undecided: number;
  repairs: number;
  statuses: ("open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn")[];
  opportunity: boolean;
  blocking: boolean;
  severity: "info" | "low" | "medium" | "high" | "critical";
  owners: string[];
  /** at risk, or to be saved, together */
  eur: number;
  /** the day on which the first of the sides begins */
  decide_by: string;
  due_on: string | null;
  /** the coordinator is asked to decide */
  escalated: boolean;
  /** the day on which the first of its conflicts was opened */
  open_since: string;
  /** a utility was asked to take repairs along, and has not answered */
  waits: boolean;
  /** along which its ground lies */
  streets: string[];
  departments: string[];
  persons: string[];
  score: Score;
  /** null where no house is near */
  place: Place | null;
  lon: number;
  lat: number;
  items: Conflict[];
}

/** A change that ended a conflict. */
export interface Cause {
  code: string;
  text: string;
  /** the works that changed; null: the repair, or the rule */
  works_id: string | null;
}

/** The number that counts now, and what the change did. */
export interface ChangedParameter {
  name: string;
  value: number;
  default: number;
  /** what is believable */
  least: number;
  most: number;
  /** whole numbers only */
  integer: boolean;
  /** a guess that the city must confirm or replace, and did not yet */
  placeholder: boolean;
  /** of the city's own number; null: the default of the service, see docs/rules.md */
  source: string | null;
  /** who set it; null: the default, or the command line */
  changed_by: string | null;
  updated_at: string | null;
  /** for `If-Match`; 0: the default */
  version: number;
  /** conflicts */
  opened: number;
  closed: number;
  alerts: number;
}

/** The version in force now, and what the change did. */
export interface ChangedRule {
  id: string;
  version: number;
  life: "shadow" | "active" | "retired";
  kinds_a: string[];
  kinds_b: string[];
  clearance_m: number;
  least_share: number;
  before_days: number;
  after_days: number;
  owners: "any" | "same" | "different";
  /** fixed; null: from the cost at risk */
  severity: "info" | "low" | "medium" | "high" | "critical" | null;
  blocking: boolean;
  opportunity: boolean;
  departments: string[];
  same_side: boolean;
  ends_within_days: number | null;
  /** null: every pair is told by itself */
  least_count: number | null;
  window_days: number | null;
  /** rules that say more: a pair that they tell is not told again */
  yields_to: string[];
  created_at: string;
  /** who made this version; null: it came with the service */
  changed_by: string | null;
  reason: string | null;
  counts: Counts;
  /** how many went out, also of repairs held and released */
  alerts: number;
}

/** All of them, in the order in which a city deals with them. */
export interface Checklist {
  items: ChecklistItem[];
  done: number;
}

/** One thing that a city needs on its first day. */
export interface ChecklistItem {
  item: "city" | "ground" | "feeds" | "people" | "mail" | "prices";
  state: "done" | "partly" | "missing";
  /** codes of what is missing: layers, roles, parameters */
  missing: string[];
}

/** A line of the plan, with the version of the repair as it was read. */
export interface ChoiceIn {
  repair_id: string;
  team: string;
  on: string;
  version: number;
}

/** What a utility is asked to pay for a defect in its trench. */
export interface ClaimFile {
  id: string;
  number: string;
  conflict_id: string;
  owner: string;
  owner_group: string;
  state: "sent" | "accepted" | "refused" | "paid";
  amount_eur: number;
  /** as they were when it was sent */
  facts: Record<string, any>;
  note: string | null;
  sent_by: string;
  answered_by: string | null;
  /** number of the refused claim that it takes the place of */
  follows: string | null;
  /** number of the claim that took its place */
  followed_by: string | null;
  created_at: string;
  updated_at: string;
}

/** What is claimed: by default what the repair cost, or would cost. */
export interface ClaimFileIn {
  amount_eur?: number | null;
  note?: string | null;
  /** the refused claim that this one takes the place of, on other facts */
  follows?: string | null;
}

/** A page of claims, the sums of all of them, and what is still to be claimed. */
export interface ClaimFiles {
  items: ClaimFile[];
  next: string | null;
  total: number;
  sums: ClaimSum[];
  /** of `owner`, at most 1000; empty on a later page, and where `conflict` or `state` is given */
  unclaimed: UnclaimedDefect[];
}

/** What the claims on one utility in one state add up to. */
export interface ClaimSum {
  owner: string;
  owner_group: string;
  state: "sent" | "accepted" | "refused" | "paid";
  claims: number;
  amount_eur: number;
}

/** The end of a conflict. */
export interface Closure {
  at: string | null;
  /** what changed then; empty when only its days are over */
  causes: Cause[];
  /** of the same rule, for the same repair or works; at most 5 */
  successors: Successor[];
}

/** A remark that others see. */
export interface CommentIn {
  text: string;
}

/** What was done in the end: it creates the protection of the new surface. */
export interface CompleteIn {
  finished_on: string;
  scope: "spot" | "section" | "area";
  area_m2?: number | null;
  cost_eur?: number | null;
}

/** Two claims that a rule says should not meet, or for an opportunity should; `id` is null for one that is only asked about. */
export interface Conflict {
  id: string | null;
  number: string | null;
  rule: string;
  rule_version: number;
  severity: "info" | "low" | "medium" | "high" | "critical";
  status: "open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn";
  opportunity: boolean;
  blocking: boolean;
  /** the last one; of an open conflict: one that no longer holds */
  agreement: Agreement | null;
  /** who follows this up */
  department: string | null;
  person: string | null;
  /** the last day to answer */
  due_on: string | null;
  /** the coordinator was asked to decide */
  escalated_on: string | null;
  moratorium: boolean;
  a: Side;
  b: Side;
  facts: Facts;
  geometry: Geometry | null;
  created_at: string | null;
  updated_at: string | null;
}

/** With its audit trail, oldest first. */
export interface ConflictWithTrail {
  id: string | null;
  number: string | null;
  rule: string;
  rule_version: number;
  severity: "info" | "low" | "medium" | "high" | "critical";
  status: "open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn";
  opportunity: boolean;
  blocking: boolean;
  /** the last one; of an open conflict: one that no longer holds */
  agreement: Agreement | null;
  /** who follows this up */
  department: string | null;
  person: string | null;
  /** the last day to answer */
  due_on: string | null;
  /** the coordinator was asked to decide */
  escalated_on: string | null;
  moratorium: boolean;
  a: Side;
  b: Side;
  facts: Facts;
  geometry: Geometry | null;
  created_at: string | null;
  updated_at: string | null;
  events: Record<string, any>[];
}

/** Whom to call. */
export interface Contact {
  organisation: string;
  works_source_id: string;
  source: string;
}

/** One person. */
export interface ContactDetails {
  name: string;
  role: string | null;
  organisation: string | null;
  phone: string | null;
  email: string | null;
}

/** One person; a telephone number or an e-mail address is needed. */
export interface ContactIn {
  name: string;
  role?: string | null;
  organisation?: string | null;
  phone?: string | null;
  email?: string | null;
}

/** Whom to call. */
export interface ContactList {
  contacts: ContactDetails[];
  changed_by: string | null;
  updated_at: string | null;
}

/** All people to call, in the order to call them; none takes them away. */
export interface ContactsIn {
  contacts: ContactIn[];
}

/** Conflicts of this rule, as people see them; for a rule that is and stays in the shadow: as it finds them. */
export interface Counts {
  appear: number;
  disappear: number;
  change_severity: number;
}

/** A crew of the city. */
export interface Crew {
  id: string;
  name: string;
}

/** A half-open period of days. */
export interface Days {
  starts_on: string;
  ends_on: string;
}

/** Why works or a repair are in no list any more. */
export interface Deletion {
  at: string;
  reason: "works_deleted" | "works_renumbered" | "repair_renumbered";
  /** the record that lives on in its place; null: none does */
  successor_id: string | null;
}

/** One alert on its way to one webhook or e-mail address. */
export interface Delivery {
  alert_seq: number;
  attempts: number;
  /** false: in the e-mail of the morning */
  at_once: boolean;
  /** the e-mail that tells it; its Message-ID begins with it */
  mail_id: string | null;
  delivered_at: string | null;
  /** given up */
  failed_at: string | null;
  last_error: string | null;
  created_at: string;
}

/** Some deliveries of a subscription, the newest first. */
export interface DeliveryPage {
  items: Delivery[];
  /** `cursor` of the page after this one; null at the end */
  next: number | null;
  /** how many there are in all pages */
  total: number;
}

/** A view that a department shares. */
export interface DepartmentView {
  id: string;
  department: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw";
  screen: "cases" | "repairs" | "overview" | "map";
  name: string;
  search: string;
  created_at: string;
}

/** A change of the facts after which the conflict is gone. */
export interface DisappearsIf {
  code: string;
  params: Record<string, any>;
  text: string;
}

/** The day list: danger without a day, which is in no tour; then crew by crew in driving order, danger first; then what is not done. */
export interface Dispatch {
  on: string;
  items: DispatchItem[];
  tours: DispatchTour[];
  distance: DriveDistance;
  computed_at: string;
  /** of the oldest feed; null: none came in yet */
  data_age_seconds: number | null;
  total: number;
}

/** A repair on the day list, judged as of now. */
export interface DispatchItem {
  repair: Repair;
  execute: boolean;
  instruction: "go" | "make_safe" | "recover" | "not";
  /** the instruction in words: Uitvoeren, Niet uitvoeren */
  label: string;
  /** its place in the way of the crew; null: the crew does not go, or it is danger without a day */
  stop: number | null;
  /** from the stop before, or from the yard */
  drive_m: number | null;
  /** the houses that it lies in front of; null: there are none */
  place: Place | null;
  /** the last change since yesterday */
  changed: AdviceChange | null;
  advice: Advice;
}

/** The way of one crew (null: of repairs to which no crew was given). */
export interface DispatchTour {
  team: string | null;
  name: string | null;
  stops: number;
  /** with the way back to the yard, where the city says where that is */
  drive_m: number;
}

/** How the way was measured: the streets are not known as a network. */
export interface DriveDistance {
  kind: "straight_line";
  /** times the straight line */
  factor: number;
}

/** A report that is, or may be, a double of this one. */
export interface Duplicate {
  id: string;
  number: string;
  status: "suggested" | "confirmed";
  distance_m: number;
  days_apart: number;
  decided_at: string | null;
  decided_by: string | null;
  reported_at: string;
}

/** Of which repair this one is the double, or is not; without it: of the one that is suggested or confirmed. */
export interface DuplicateIn {
  of?: string | null;
}

/** The repair that this one is, or may be, the double of. */
export interface DuplicateOf {
  id: string;
  number: string;
  status: "suggested" | "confirmed";
  distance_m: number;
  days_apart: number;
  decided_at: string | null;
  decided_by: string | null;
}

/** Why works may open protected ground all the same. */
export interface ExceptionIn {
  reason: "emergency" | "new_connection" | "no_excavation";
  note?: string | null;
}

/** With its explanation too. */
export interface ExplainedConflict {
  id: string | null;
  number: string | null;
  rule: string;
  rule_version: number;
  severity: "info" | "low" | "medium" | "high" | "critical";
  status: "open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn";
  opportunity: boolean;
  blocking: boolean;
  /** the last one; of an open conflict: one that no longer holds */
  agreement: Agreement | null;
  /** who follows this up */
  department: string | null;
  person: string | null;
  /** the last day to answer */
  due_on: string | null;
  /** the coordinator was asked to decide */
  escalated_on: string | null;
  moratorium: boolean;
  a: Side;
  b: Side;
  facts: Facts;
  geometry: Geometry | null;
  created_at: string | null;
  updated_at: string | null;
  events: Record<string, any>[];
  explanation: Explanation;
}

/** Everything needed to check a conflict by hand. */
export interface Explanation {
  sentence: string;
  /** the version that spoke, with its parameters */
  rule: Record<string, any>;
  /** days until both have begun; below 0: since */
  lead_days: number | null;
  frontage: Frontage[];
  sources: Provenance[];
  /** empty when it is gone */
  disappears_if: DisappearsIf[];
  /** null while the facts conflict */
  closure: Closure | null;
}

/** Every figure, with the inputs it was computed from. */
export interface Facts {
  distance_m: number;
  overlap_m2: number;
  overlap_share: number | null;
  gap_days: number;
  overlap_days: number;
  probability: number;
  cost_at_risk_eur: number | null;
  /** of the repair, to be laid again after the works */
  lost_m2?: number | null;
  lost_share?: number | null;
  /** the works come after a footpath by their layer: no reason to wait */
  after?: boolean;
  /** the works are of another street, and share only the junction */
  crossing?: boolean;
  /** likely one project of two owners: the same days on the same ground */
  joint?: boolean;
  /** of an opportunity */
  saving_eur?: number | null;
  /** of a rule that counts */
  digs?: number | null;
  inputs: Record<string, any>;
}

/** Why an import failed. Nothing that was there before has changed by it, but for batches that were committed. */
export interface Failure {
  code: string;
  message: string | null;
}

/** What is named must all hold; what is left out lets everything pass. */
export interface FeedFilter {
  departments?: ("nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw")[] | null;
  /** owner groups */
  owners?: string[] | null;
  /** GeoJSON Polygon or MultiPolygon, WGS84 lon/lat */
  area?: Geometry | null;
}

/** A private address of a calendar and an Atom feed. */
export interface FeedLink {
  id: string;
  name: string;
  filter: Record<string, any>;
  created_at: string;
}

/** A new private address. */
export interface FeedLinkIn {
  /** as people call it; the calendar's name */
  name: string;
  filter?: FeedFilter;
}

/** One field that cannot be accepted. */
export interface FieldProblem {
  /** where it is: `phases[0].geometry`, `limit`, `If-Match`; `body` for the whole */
  field: string;
  /** stable */
  code: string;
  /** why, and what would be right; in English */
  message: string;
}

/** What is named must all hold; what is left out lets everything pass. */
export interface Filter {
  types?: ("conflict.opened" | "conflict.reopened" | "conflict.changed" | "conflict.withdrawn" | "conflict.expired" | "conflict.status_changed" | "conflict.assigned" | "conflict.commented" | "conflict.reminded" | "conflict.escalated" | "repair.held" | "repair.hold_moved" | "repair.released" | "repair.message_added" | "advice.changed" | "request.asked" | "request.answered" | "request.no_answer" | "request.withdrawn" | "feed.stopped" | "feed.resumed" | "feed.shrank")[] | null;
  rules?: string[] | null;
  severities?: ("info" | "low" | "medium" | "high" | "critical")[] | null;
  /** owner groups */
  owners?: string[] | null;
  departments?: string[] | null;
  /** by name: alerts about ground in them */
  streets?: string[] | null;
  /** alerts about them, or ground within 20 m */
  buildings?: string[] | null;
  /** GeoJSON Polygon or MultiPolygon, WGS84 lon/lat */
  area?: Geometry | null;
}

/** Houses in front of which something happens. */
export interface Frontage {
  street: string;
  side: "even" | "odd";
  number_from: string;
  number_to: string;
  /** voor huisnummer 12 tot 16 */
  text: string;
}

/** With the conflicts behind it, and how old the truth is. */
export interface FullAdvice {
  verdict: "repair" | "make_safe" | "wait" | "combine" | "recover" | "coordinate";
  until: string | null;
  blocked: boolean;
  title: string;
  sentence: string;
  reasons: Reason[];
  alternatives: Alternative[];
  cost_at_risk_eur: number;
  contacts: Contact[];
  citizen_text: string;
  /** the order of works behind the verdict: the same works, days and euros */
  order: Sequence;
  conflicts: Conflict[];
  nearby: Nearby[];
  frontage: Frontage[];
  /** what to ask the owner of the works; null when there is nobody to ask */
  request_text: string | null;
  computed_at: string;
  data_age_seconds: number | null;
}

/** Repairs that wait for works. */
export interface Held {
  repairs: number;
  /** when the oldest was reported */
  oldest_on: string | null;
}

/** One thing that may be meant. */
export interface Hit {
  kind: "repair" | "conflict" | "section" | "stretch" | "address" | "street" | "building" | "owner" | "works";
  /** null of a street, a stretch and an owner */
  id: string | null;
  /** address, name, title or number */
  name: string;
  /** of an address the building's name or function, of a building its address, of a section its code, of a stretch its side (`even` or `odd`), of an owner its group, of works their number in the source, of a repair and of a conflict its status */
  detail: string | null;
  /** of an address what `detail` is (`name` or `function`), of a building its function, of a section and a stretch its kind, of works their source, of a repair its category, of a conflict its rule */
  code: string | null;
  starts_on: string | null;
  ends_on: string | null;
  lon: number | null;
  lat: number | null;
}

/** At most twenty, and before them at most two stretches. */
export interface Hits {
  items: Hit[];
}

/** One import. While it runs, the counts are those of what is committed; created + changed + unchanged + rejected = read at the end. */
export interface Import {
  id: string;
  source: string;
  /** file name or address, without secrets */
  origin: string | null;
  mapping: string | null;
  accept_shrink: boolean;
  /** name of the key; null: the command line */
  asked_by: string | null;
  /** name of the key that does not want it any more */
  cancelled_by: string | null;
  status: "queued" | "running" | "done" | "failed";
  /** of a queued import: the one that runs before it. Null while it runs, or when no worker has begun */
  waits_for: Ahead | null;
  queued_at: string | null;
  started_at: string | null;
  finished_at: string | null;
  read: number;
  /** records that are dealt with */
  done: number;
  /** how many there are, if the source says so or all are read */
  total: number | null;
  created: number;
  changed: number;
  unchanged: number;
  rejected: number;
  vanished: number;
  /** new records that may be vanished ones under another id: see /renumberings */
  renumbered: number;
  /** open works or repairs that are no longer shown, too many to believe: see accept_shrink */
  withheld: number;
  conflicts_opened: number;
  /** what else a person should hear of, in the reader's language: that the source says it is cut off, words and columns nobody explained, layers that were not read */
  remarks: string[];
  seconds: number | null;
  error: Failure | null;
}

/** What a person said of two works on the same days and ground. `number` and `conflict_id`: the conflict that was looked at. */
export interface JointProject {
  id: string;
  status: "confirmed" | "refused";
  decided_by: string;
  decided_at: string;
  conflict_id: string;
  number: string;
  works_ids: string[];
}

/** A key, without the key itself. */
export interface Key {
  id: string;
  name: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  scopes: string[];
  owner_group: string | null;
  /** the same for a key and those that replace it */
  machine_id: string;
  state: "in_use" | "expires_soon" | "expired" | "revoked";
  created_at: string;
  /** null: never */
  expires_at: string | null;
  /** to the minute */
  last_used_at: string | null;
  revoked_at: string | null;
}

/** A key to be made. Role and scopes cannot be changed later: make another one. */
export interface KeyIn {
  /** who or what uses it */
  name: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  /** *; *:read; works:read; works:write; repairs:read; repairs:write; conflicts:read; conflicts:write; advice:read; alerts:read; alerts:write; imports:read; imports:write; reference:read; rules:read; rules:write; audit:read */
  scopes?: string[];
  /** of a partner: whose works it sees */
  owner_group?: string | null;
  /** how long it is good for; null: as the settings say */
  days?: number | null;
}

/** What happens in one street, or by one owner. */
export interface Lane {
  /** null: along no street */
  name: string | null;
  /** whose lane it is; null: of a street */
  owner_group: string | null;
  at_risk_eur: number;
  saving_eur: number;
  protected_until: string | null;
  works: LaneWorks[];
  repairs: LaneRepair[];
  cases: LaneCase[];
}

/** A case to be decided, on its last day. */
export interface LaneCase {
  id: string;
  last_day: string;
  opportunity: boolean;
  eur: number;
  rules: string[];
}

/** A repair on the first day of its window; today while that has passed. */
export interface LaneRepair {
  number: string;
  on: string;
  held: boolean;
}

/** Works in one street, or of one owner, on the days that their source states. */
export interface LaneWorks {
  id: string;
  source: string;
  source_id: string;
  title: string;
  owner: string;
  owner_group: string;
  owner_group_name: string;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled" | null;
  opens_surface: boolean;
  starts_on: string | null;
  ends_on: string | null;
}

/** The last attempt at a source, where it failed. */
export interface LastFailure {
  at: string;
  code: string | null;
  reason: string;
  /** all of it, for roles that may import */
  detail: string | null;
}

/** A file that was not kept, and why. */
export interface LeftOut {
  field: string;
  code: string;
  message: string;
}

/** Who asks: a person, or a machine by its key, which has no user id, e-mail address or preferences. */
export interface Me {
  name: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  department: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  /** of a partner: whose works it may see */
  owner_group: string | null;
  user_id: string | null;
  email: string | null;
  /** null: as the browser asks */
  language: "nl" | "en" | null;
  /** what the viewer remembers for this person */
  preferences: Record<string, any>;
  /** which alerts come by e-mail; null: a machine */
  notification: "critical" | "digest" | "off" | null;
  /** why the last e-mail came back; null once one arrives */
  mail_problem: string | null;
  /** of every e-mail to this person, on the city's clock */
  quiet_hours: QuietHours | null;
  /** no e-mail to this person before; it waits */
  snoozed_until: string | null;
  /** by action: who may do what */
  permissions: Record<"read" | "read all owners" | "read repairs" | "see reporter" | "subscribe" | "write works" | "write repairs" | "file reports" | "override" | "change rules" | "import" | "import works" | "import repairs" | "import ground" | "cancel import" | "renumber works" | "renumber repairs" | "read audit" | "manage users" | "manage keys" | "set preferences" | "decide joint" | "ask utilities" | "answer requests" | "exempt" | "claim costs" | "make feed links" | "share views" | "write projects" | "read settings" | "read checklist" | "attach files" | "see attachments" | "see contacts" | "write contacts" | "acknowledge" | "agree" | "settle" | "accept-risk" | "comment" | "assign" | "reopen" | "undo", Permission>;
}

/** What a person changes of itself; role and department are given by others. */
export interface MeChange {
  language?: "nl" | "en" | null;
  /** names given here change, null removes one; the others stay */
  preferences?: Record<string, any>;
  /** e-mail about alerts to one's department: `critical` ones at once and the others in the morning, all in the morning (`digest`), or `off` */
  notification?: "critical" | "digest" | "off";
  /** in which no e-mail comes, critical or not; it waits. null: none */
  quiet_hours?: QuietHoursIn | null;
  /** no e-mail before, critical or not; it waits. At most 30 days from now; null: awake */
  snoozed_until?: string | null;
}

/** What a citizen added to a report; `number` is that of the report, which may be a double. */
export interface Message {
  id: string;
  number: string;
  said_at: string;
  received_at: string;
  text: string | null;
  status: string | null;
  reporter: Record<string, any>;
}

/** The same with what people call it. */
export interface NamedReference {
  id: string;
  name: string | null;
}

/** Works or a conflict near a building of the city. */
export interface NearBuilding {
  building_id: string;
  /** its name, its address, or its number in the base map */
  building: string;
  kind: "works" | "conflict";
  id: string;
  number: string;
  /** of works; of a conflict its rule */
  title: string;
  /** the owner group of the works; of a conflict those of its works */
  owner: string | null;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled" | null;
  severity: "info" | "low" | "medium" | "high" | "critical" | null;
  /** of a conflict: of the days that both sides state */
  starts_on: string | null;
  /** the first day after it */
  ends_on: string | null;
  distance_m: number;
  /** at risk; null: none */
  eur: number | null;
}

/** What happens around the city's buildings. */
export interface NearBuildings {
  within_m: number;
  items: NearBuilding[];
  /** how many there are, also those behind the last of `items` */
  total: number;
}

/** Works in the ring around a place that no rule tells: they inform, and hold nothing. */
export interface Nearby {
  works_id: string;
  source: string;
  source_id: string;
  owner: string;
  title: string;
  kind: string;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  starts_on: string;
  ends_on: string;
  distance_m: number;
  text: string;
}

/** The same with the addresses, which are shown this once: null in the answer to a repeated request. */
export interface NewFeedLink {
  id: string;
  name: string;
  filter: Record<string, any>;
  created_at: string;
  token: string | null;
  /** iCalendar: works, holds, agreements */
  works_url: string | null;
  /** Atom with GeoRSS: the newest alerts */
  alerts_url: string | null;
  /** in the answer to a repeated request: what is null, as only the first one held it */
  shown_once?: string[];
}

/** A key in the only answer that shows it. */
export interface NewKey {
  id: string;
  name: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  scopes: string[];
  owner_group: string | null;
  /** the same for a key and those that replace it */
  machine_id: string;
  state: "in_use" | "expires_soon" | "expired" | "revoked";
  created_at: string;
  /** null: never */
  expires_at: string | null;
  /** to the minute */
  last_used_at: string | null;
  revoked_at: string | null;
  key: string;
}

/** A person with the link to choose a password, in the only answer that shows it. */
export interface NewPerson {
  id: string;
  name: string;
  email: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  department: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  owner_group: string | null;
  /** who vouches for this person; null: a local account */
  issuer: string | null;
  disabled_at: string | null;
  link: string;
}

/** A photo as it was kept; `position` is the place that the camera wrote in the original (GeoJSON, WGS84): for a form, it is not kept. */
export interface NewPhoto {
  id: string;
  width: number;
  height: number;
  url: string;
  position: Record<string, any> | null;
}

/** What became of uploaded photos. */
export interface NewPhotos {
  photos: NewPhoto[];
  left_out: LeftOut[];
}

/** The same with what its signatures are verified by, which is shown this once; e-mail has none. */
export interface NewSubscription {
  id: string;
  channel: "webhook" | "email";
  /** null: the e-mail address of the person */
  target: string | null;
  /** of the person who asks; others do not see it */
  personal: boolean;
  name: string | null;
  /** who made it, or switched it on last; null: before this was kept */
  made_by: string | null;
  /** a webhook that is off because its maker was disabled: switch it on to take it over */
  maker_left: boolean;
  filter: Record<string, any>;
  /** of e-mail */
  rhythm: "each" | "critical" | "digest" | null;
  /** of e-mail; null: that of the person or the service */
  language: "nl" | "en" | null;
  /** of e-mail, on the city's clock */
  quiet_hours: QuietHours | null;
  /** nothing is sent before; it waits */
  snoozed_until: string | null;
  active: boolean;
  /** why the last e-mail came back; null once one arrives */
  problem: string | null;
  problem_at: string | null;
  version: number;
  created_at: string;
  secret: string | null;
  /** in the answer to a repeated request: what is null, as only the first one held it */
  shown_once?: string[];
}

/** Words beside a step, if any. */
export interface NoteIn {
  note?: string | null;
}

/** The streets whose surface is open in the week that begins on `week_on`. */
export interface OpenStreets {
  week_on: string;
  streets: string[];
}

/** Whoever owns works or does repairs, with the group that is one owner to the rules. */
export interface Organisation {
  id: string;
  name: string;
  owner_group: string;
  owner_group_name: string;
  kind: string;
}

/** The tiles of the helicopter view. Each number is the total of a list. */
export interface Overview {
  on: string;
  at_stake: AtStake;
  chances: CaseTotals;
  /** in the year of `on` */
  avoided_eur: number;
  /** repairs and combinations */
  avoided: number;
  waiting: Waiting;
  held: Held;
  to_recover: ToRecover;
  ageing: Age[];
}

/** How a utility keeps its days and answers. */
export interface OwnerRecord {
  owner: string;
  owner_group: string;
  /** that run or are to come */
  works: number;
  /** of those: their start passed without any sign, as in `/stats/silent-works` */
  silent: number;
  /** to be decided */
  cases: number;
  /** to be decided, in these cases */
  conflicts: number;
  /** by so much may its planned beginnings be late; null: nothing known */
  slip_days: number | null;
  slip_origin: "default" | "learnt" | "fixed" | null;
  requests: number;
  waiting: number;
  late: number;
  answered: number;
  /** half of its answers came within so many days */
  answer_days: number | null;
}

/** All utilities, those with most to be decided first. */
export interface OwnerRecords {
  items: OwnerRecord[];
}

export interface Page_AuditEntry_ {
  items: AuditEntry[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Building_ {
  items: Building[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Conflict_ {
  items: Conflict[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_DepartmentView_ {
  items: DepartmentView[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_FeedLink_ {
  items: FeedLink[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Import_ {
  items: Import[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_JointProject_ {
  items: JointProject[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Key_ {
  items: Key[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Organisation_ {
  items: Organisation[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Parameter_ {
  items: Parameter[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Pavement_ {
  items: Pavement[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_PersonSeen_ {
  items: PersonSeen[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_ProjectFile_ {
  items: ProjectFile[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Project_ {
  items: Project[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Protection_ {
  items: Protection[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Reliability_ {
  items: Reliability[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Renumbering_ {
  items: Renumbering[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Repair_ {
  items: Repair[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Request_ {
  items: Request[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Rule_ {
  items: Rule[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Setting_ {
  items: Setting[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_SilentWorks_ {
  items: SilentWorks[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Subscription_ {
  items: Subscription[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

export interface Page_Works_ {
  items: Works[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

/** A number that each city sets for itself. */
export interface Parameter {
  name: string;
  value: number;
  default: number;
  /** what is believable */
  least: number;
  most: number;
  /** whole numbers only */
  integer: boolean;
  /** a guess that the city must confirm or replace, and did not yet */
  placeholder: boolean;
  /** of the city's own number; null: the default of the service, see docs/rules.md */
  source: string | null;
  /** who set it; null: the default, or the command line */
  changed_by: string | null;
  updated_at: string | null;
  /** for `If-Match`; 0: the default */
  version: number;
}

/** A number, with where it comes from. */
export interface ParameterIn {
  /** metres, m², euro, days, months, years or a share, as the name says */
  value: number;
  /** where this number comes from: a contract, a decision */
  source: string;
}

/** A piece of footpath, cycle path or carriageway. */
export interface Pavement {
  id: string;
  source: string;
  code: string;
  kind: "footpath" | "cycle_path" | "carriageway";
  street: string | null;
  side: string | null;
  number_from: string | null;
  number_to: string | null;
  material: string | null;
  laid_on: string | null;
  /** no survey shows it: drawn by the service */
  derived: boolean;
  base_id: string | null;
  area_m2: number;
  /** from `at`; only where that is asked */
  distance_m?: number | null;
  geometry: Geometry;
}

/** Which roles may do something. */
export interface Permission {
  roles: ("viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin")[];
  /** those that may with what somebody else did */
  roles_for_others: ("viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin")[];
}

/** A person who signs in, or did. */
export interface Person {
  id: string;
  name: string;
  email: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  department: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  owner_group: string | null;
  /** who vouches for this person; null: a local account */
  issuer: string | null;
  disabled_at: string | null;
}

/** What changes; the rest stays. */
export interface PersonChange {
  role?: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  department?: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  owner_group?: string | null;
}

/** A person who is to sign in. */
export interface PersonIn {
  /** as others see it */
  name: string;
  /** the login of this person */
  email: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  department?: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  /** of a partner: whose works it sees */
  owner_group?: string | null;
}

/** A person in the list. */
export interface PersonSeen {
  id: string;
  name: string;
  email: string;
  role: "viewer" | "workshop" | "utilities_desk" | "coordinator" | "partner" | "reporter" | "admin";
  department: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw" | null;
  owner_group: string | null;
  /** who vouches for this person; null: a local account */
  issuer: string | null;
  disabled_at: string | null;
  /** last active; null: never signed in */
  seen_at: string | null;
}

/** One piece of ground for one period. */
export interface Phase {
  id: string;
  geometry: Geometry;
  starts_on: string;
  /** first day that is free again */
  ends_on: string;
  opens_surface: boolean;
  surfaces: string[];
  /** it is over, while its works go on */
  done: boolean;
}

/** One piece of ground for one period. Without `opens_surface`: groundworks open, other kinds do not. */
export interface PhaseIn {
  starts_on: string;
  ends_on: string;
  geometry: Geometry;
  opens_surface?: boolean | null;
  surfaces?: string[];
}

/** A photo of a report, which may be a double; `message_id` names the message that it came with. */
export interface Photo {
  id: string;
  number: string;
  message_id: string | null;
  width: number;
  height: number;
  received_at: string;
  url: string;
}

/** The houses along a place: the street, its side (`even`, `odd`), the lowest and the highest number. */
export interface Place {
  street: string;
  side: string;
  number_from: string;
  number_to: string;
}

/** One of many: without conflicts and surroundings, which the question of a single place has. */
export interface PlainAdvice {
  verdict: "repair" | "make_safe" | "wait" | "combine" | "recover" | "coordinate";
  until: string | null;
  blocked: boolean;
  title: string;
  sentence: string;
  reasons: Reason[];
  alternatives: Alternative[];
  cost_at_risk_eur: number;
  contacts: Contact[];
  citizen_text: string;
  /** the order of works behind the verdict: the same works, days and euros */
  order: Sequence;
  warning: string | null;
  computed_at: string;
  data_age_seconds: number | null;
}

/** A repair that gets no day. */
export interface PlanLeft {
  repair: Repair;
  place: Place | null;
  reason: "wait" | "coordinate" | "combine" | "recover" | "make_safe" | "repair" | "full" | "too_long" | "no_team" | "too_many";
  text: string;
  due_on: string;
}

/** A repair with the day and the crew that are proposed for it. */
export interface PlanLine {
  repair: Repair;
  /** the houses that it lies in front of; null: there are none */
  place: Place | null;
  on: string;
  team: string;
  /** its number in the way of the crew that day */
  stop: number;
  hours: number;
  /** the last day of its term */
  due_on: string;
  cost_at_risk_eur: number;
  reasons: PlanReason[];
}

/** The day of a crew: what it had given away already, what the plan adds, and the way past the added ones. */
export interface PlanLoad {
  on: string;
  team: string;
  booked_hours: number;
  added_hours: number;
  drive_m: number;
}

/** Why a repair has its day. */
export interface PlanReason {
  code: string;
  text: string;
}

/** A crew of the plan. */
export interface PlanTeam {
  id: string;
  name: string;
  hours_a_day: number;
}

/** The days a repair has. */
export interface Planned {
  starts_on: string;
  ends_on: string;
}

/** A conflict with what becomes of it; null where there is none. */
export interface PreviewedConflict {
  id: string | null;
  number: string | null;
  rule: string;
  rule_version: number;
  severity: "info" | "low" | "medium" | "high" | "critical";
  status: "open" | "acknowledged" | "agreed" | "settled" | "accepted_risk" | "expired" | "withdrawn";
  opportunity: boolean;
  blocking: boolean;
  /** the last one; of an open conflict: one that no longer holds */
  agreement: Agreement | null;
  /** who follows this up */
  department: string | null;
  person: string | null;
  /** the last day to answer */
  due_on: string | null;
  /** the coordinator was asked to decide */
  escalated_on: string | null;
  moratorium: boolean;
  a: Side;
  b: Side;
  facts: Facts;
  geometry: Geometry | null;
  created_at: string | null;
  updated_at: string | null;
  severity_before: "info" | "low" | "medium" | "high" | "critical" | null;
  severity_after: "info" | "low" | "medium" | "high" | "critical" | null;
}

/** RFC 9457. `code` never changes; `title` is Dutch or English by `Accept-Language`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  instance: string;
  detail?: string | null;
  errors?: FieldProblem[] | null;
}

/** A project of the register. */
export interface Project {
  name: string;
  building_id?: string | null;
  /** the works that it is in the street */
  works_id?: string | null;
  phases?: ProjectPhase[];
  budget_eur?: number | null;
  spent_eur?: number | null;
  subsidies?: Subsidy[];
  /** that the college has to take */
  next_decision?: string | null;
  next_decision_on?: string | null;
  /** to who maintains the building */
  handover_on?: string | null;
  warranties?: Warranty[];
  /** what goes along at the handover */
  note?: string | null;
  id: string;
  /** its name, its address, or its number in the base map; null: none */
  building: string | null;
  /** their title, or their number at their source; null: none */
  works: string | null;
  /** how many files go along at the handover */
  files: number;
  version: number;
  updated_at: string;
}

/** A file that goes along at the handover of a project. */
export interface ProjectFile {
  id: string;
  /** the name under which it was sent, without its ending */
  title: string;
  kind: "pdf" | "photo";
  bytes: number;
  created_at: string;
}

/** A building project of the city. Nobody's name belongs in it: whom to call stands beside it, sealed (`/contacts`). */
export interface ProjectIn {
  name: string;
  building_id?: string | null;
  /** the works that it is in the street */
  works_id?: string | null;
  phases?: ProjectPhase[];
  budget_eur?: number | null;
  spent_eur?: number | null;
  subsidies?: Subsidy[];
  /** that the college has to take */
  next_decision?: string | null;
  next_decision_on?: string | null;
  /** to who maintains the building */
  handover_on?: string | null;
  warranties?: Warranty[];
  /** what goes along at the handover */
  note?: string | null;
}

/** One phase of a project: design, tender, building; `ends_on` is its last day. */
export interface ProjectPhase {
  name: string;
  starts_on?: string | null;
  ends_on?: string | null;
  is_done?: boolean;
}

/** A mapping for a file, what is doubtful about it, and its first rows. Nothing of it is stored. */
export interface Proposal {
  /** TOML; null when there is none, see `error` */
  text: string | null;
  doubts: string[];
  rows: ProposalRow[];
  error: Failure | null;
}

/** One of the first rows as the mapping reads it. */
export interface ProposalRow {
  row: number;
  id: string | null;
  /** by our names, in words */
  cells: Record<string, string>;
  /** why it would be left out */
  refused: string | null;
  line: number | null;
  /** where it would lie, GeoJSON */
  geometry: Record<string, any> | null;
}

/** Ground that was laid anew, and that nobody may open before `until`. */
export interface Protection {
  id: string;
  /** who laid it: the city, or a utility with its works */
  kind: "repair" | "works";
  repair_id: string | null;
  works_id: string | null;
  number: string;
  owner: string;
  owner_group: string;
  laid_on: string;
  /** the first day on which it may be opened again */
  until: string;
  street: string | null;
  length_m: number;
  width_m: number;
  /** a re-lay by the city's measure of length and width */
  counts: boolean;
  geometry: Geometry;
}

/** The record behind works, and how fresh it is. */
export interface Provenance {
  works_id: string;
  source: string;
  source_id: string;
  owner: string;
  first_seen_at: string | null;
  last_seen_at: string | null;
  vanished_at: string | null;
  registered_at: string;
  /** `field`, `from`, `to`, `observed_on` */
  last_change: Record<string, any> | null;
  /** since its source last showed it; null: not from a feed */
  data_age_seconds: number | null;
}

/** Hours without e-mail, over midnight where `until` is the earlier one. */
export interface QuietHours {
  from: string;
  until: string;
}

/** Hours of the city's clock in which no e-mail is sent; over midnight where `until` is the earlier one. */
export interface QuietHoursIn {
  from: string;
  until: string;
}

/** So does the database, which has the schema of this version or a newer one. */
export interface Ready {
  status: "ok";
  schema: string;
  /** The replica for reads; null without one */
  replica?: ReplicaStatus | null;
}

/** Why; the conflict's figures beside the sentence. */
export interface Reason {
  code: string;
  text: string;
  params: Record<string, any>;
  owner: string | null;
  source: string | null;
  source_id: string | null;
  starts_on: string | null;
  ends_on: string | null;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled" | null;
  probability: number | null;
  rule: string | null;
  rule_version: number | null;
  /** distance, shared ground, gap, cost at risk: the figures of its conflict */
  facts: Record<string, any> | null;
}

/** An item of another list. */
export interface Reference {
  id: string;
}

/** A page of rejected rows. */
export interface RejectedPage {
  items: RejectedRow[];
  /** `after` of the page behind this one; null at the end */
  next: number | null;
  total: number;
}

/** A row that was left out, and why. */
export interface RejectedRow {
  /** its place among the records of the source, from 1 */
  row: number;
  /** as the source names it */
  id: string | null;
  code: string;
  field: string | null;
  /** in the reader's language, after its line or the row of its sheet if there is one */
  message: string;
}

/** How far stated dates of this certainty may be off, and how likely the ground is opened at all. */
export interface Reliability {
  /** null: of all owners, and of each that has no figures of its own */
  owner_group: string | null;
  owner_group_name: string | null;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  slack_before_days: number;
  slack_after_days: number;
  probability: number;
  origin: "default" | "learnt" | "fixed";
  /** works that it was learnt from */
  observations: number;
  /** day on which the figures or their basis last changed */
  learnt_on: string | null;
  /** fixed: by whom, on what ground */
  source: string | null;
  /** per figure the works seen, what they showed (`own`) and what that leans `towards`; the formula, its weight, the period */
  basis: Record<string, any> | null;
}

/** One record under two ids. Confirmed, `old_id` lives on under `new_source_id`. */
export interface Renumbering {
  id: string;
  old_id: string;
  new_id: string;
  old_source_id: string;
  new_source_id: string;
  /** shared ground over the ground of both, 0 to 1 */
  likeness: number;
  /** days later; null: neither has days */
  starts_moved: number | null;
  ends_moved: number | null;
  source: string;
  target: "works" | "repairs";
  status: "suggested" | "confirmed" | "refused" | "withdrawn";
  owner: string | null;
  title: string | null;
  /** which of the two claims no ground while it is suggested; null: both do */
  silent_id: string | null;
  suggested_at: string;
  decided_at: string | null;
  decided_by: string | null;
}

/** Which suggestions: all of a source, or those with these ids. */
export interface RenumberingsIn {
  source?: string | null;
  ids?: string[] | null;
}

/** A repair request. */
export interface Repair {
  id: string;
  number: string;
  source: string;
  source_id: string | null;
  owner: string;
  category: "pothole" | "subsidence" | "loose_slab" | "root_damage" | "kerb" | "other";
  scope: "spot" | "section" | "area";
  urgency: "low" | "normal" | "high" | "danger";
  status: "requested" | "scheduled" | "in_progress" | "done" | "cancelled";
  description: string | null;
  /** of the source's own remark column, as it wrote it */
  remark: string | null;
  reported_at: string;
  /** the last day, included, on which it may end; null: nobody says so */
  latest_on: string | null;
  finished_on: string | null;
  finished_scope: "spot" | "section" | "area" | null;
  area_m2: number | null;
  cost_eur: number | null;
  verdict: string | null;
  until: string | null;
  held: boolean;
  /** by which its source knew it before */
  former_ids: string[];
  /** suggested, and not yet decided */
  renumbering: SuggestedRenumbering | null;
  planned: Planned | null;
  /** crew that does it on those days; null: not said */
  team: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  geometry: Geometry;
}

/** A new repair request. */
export interface RepairIn {
  description?: string | null;
  latest_on?: string | null;
  remark?: string | null;
  category: "pothole" | "subsidence" | "loose_slab" | "root_damage" | "kerb" | "other";
  scope?: "spot" | "section" | "area";
  urgency?: "low" | "normal" | "high" | "danger";
  geometry: Geometry;
  reported_at?: string | null;
  planned?: Days | null;
  reporter?: Record<string, any> | null;
  /** the open repair of the same defect: this report joins it, and has no days of its own */
  duplicate_of?: string | null;
}

/** One repair with its doubles. `has_personal_data`: whether `/reporter` has anything to show; only for the roles that call people back. */
export interface RepairInFull {
  id: string;
  number: string;
  source: string;
  source_id: string | null;
  owner: string;
  category: "pothole" | "subsidence" | "loose_slab" | "root_damage" | "kerb" | "other";
  scope: "spot" | "section" | "area";
  urgency: "low" | "normal" | "high" | "danger";
  status: "requested" | "scheduled" | "in_progress" | "done" | "cancelled";
  description: string | null;
  /** of the source's own remark column, as it wrote it */
  remark: string | null;
  reported_at: string;
  /** the last day, included, on which it may end; null: nobody says so */
  latest_on: string | null;
  finished_on: string | null;
  finished_scope: "spot" | "section" | "area" | null;
  area_m2: number | null;
  cost_eur: number | null;
  verdict: string | null;
  until: string | null;
  held: boolean;
  /** by which its source knew it before */
  former_ids: string[];
  /** suggested, and not yet decided */
  renumbering: SuggestedRenumbering | null;
  planned: Planned | null;
  /** crew that does it on those days; null: not said */
  team: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  geometry: Geometry;
  duplicate_of: DuplicateOf | null;
  duplicates: Duplicate[];
  has_personal_data?: boolean | null;
}

/** Changes to a repair: only what is sent changes. Its days change through `/schedule`; `planned: null` takes them away. */
export interface RepairPatch {
  description?: string | null;
  latest_on?: string | null;
  remark?: string | null;
  category?: "pothole" | "subsidence" | "loose_slab" | "root_damage" | "kerb" | "other";
  scope?: "spot" | "section" | "area";
  urgency?: "low" | "normal" | "high" | "danger";
  geometry?: Geometry;
  planned?: null;
  status?: "in_progress" | "cancelled";
}

/** How many deliveries are tried once more. */
export interface Replay {
  queued: number;
}

/** How old the data of the replica are; only while it is `current` it answers. */
export interface ReplicaStatus {
  state: "current" | "behind" | "silent" | "promoted";
  /** Seconds behind the database; null when that is not known */
  lag_s: number | null;
}

/** A defect that is reported at a place and not repaired yet: perhaps the same one. */
export interface ReportedDefect {
  id: string;
  number: string;
  category: "pothole" | "subsidence" | "loose_slab" | "root_damage" | "kerb" | "other";
  scope: "spot" | "section" | "area";
  urgency: "low" | "normal" | "high" | "danger";
  status: "requested" | "scheduled" | "in_progress" | "done" | "cancelled";
  reported_at: string;
  /** how many reports of it there are: itself and its confirmed duplicates */
  reports: number;
  distance_m: number;
}

/** Personal data, only for the roles that call people back, and on record: who reported a repair, and what citizens added to it. */
export interface Reporter {
  reporter: Record<string, any> | null;
  messages: Message[];
  photos: Photo[];
}

/** What a utility is asked to reinstate along with its works, and what it answered. */
export interface Request {
  id: string;
  number: string;
  state: "asked" | "yes" | "no" | "no_answer" | "done" | "withdrawn";
  works_id: string;
  source: string;
  source_id: string;
  title: string;
  owner: string;
  owner_group: string;
  repairs: string[];
  repair_numbers: string[];
  street: string | null;
  number_from: number | null;
  number_to: number | null;
  /** of the works, when they were asked */
  starts_on: string;
  ends_on: string;
  width_m: number | null;
  note: string | null;
  due_on: string;
  asked_by: string;
  created_at: string;
  answered_by: string | null;
  answered_at: string | null;
  answer_note: string | null;
  /** answered after the last day */
  late: boolean;
  /** of a withdrawn request: what became of its works */
  withdrawal: "cancelled" | "deleted" | "done" | "vanished" | null;
  /** of an e-mail to the utility */
  subject: string;
  mail_text: string;
  /** as a condition of the permit */
  condition_text: string;
}

/** Which works are asked to take repairs along; without `repairs`, all of the city's repairs on their ground. */
export interface RequestIn {
  works: string;
  repairs?: string[] | null;
  /** null: the full width */
  width_m?: number | null;
  note?: string | null;
  /** the last day to answer; by default the one before the works must be registered */
  due_on?: string | null;
}

/** Why the risk is taken. */
export interface RiskIn {
  reason: string;
}

/** How a key is replaced. */
export interface Rotation {
  /** how long the old one works on; null: as the settings say */
  overlap_days?: number | null;
}

/** One version of a rule: two kinds of claims that may not (or, for an opportunity, should) meet. */
export interface Rule {
  id: string;
  version: number;
  life: "shadow" | "active" | "retired";
  kinds_a: string[];
  kinds_b: string[];
  clearance_m: number;
  least_share: number;
  before_days: number;
  after_days: number;
  owners: "any" | "same" | "different";
  /** fixed; null: from the cost at risk */
  severity: "info" | "low" | "medium" | "high" | "critical" | null;
  blocking: boolean;
  opportunity: boolean;
  departments: string[];
  same_side: boolean;
  ends_within_days: number | null;
  /** null: every pair is told by itself */
  least_count: number | null;
  window_days: number | null;
  /** rules that say more: a pair that they tell is not told again */
  yields_to: string[];
  created_at: string;
  /** who made this version; null: it came with the service */
  changed_by: string | null;
  reason: string | null;
}

/** What changes; what is left out stays. A rule may come back as it was read: what cannot change must then be as it was. */
export interface RuleChange {
  life?: "shadow" | "active" | "retired";
  /** metres between the two footprints */
  clearance_m?: number;
  /** days before a's period that count as well */
  before_days?: number;
  /** days after a's period that count as well */
  after_days?: number;
  /** share of a's ground that must lie under b */
  least_share?: number;
  owners?: "any" | "same" | "different";
  /** null: from the cost at risk */
  severity?: "info" | "low" | "medium" | "high" | "critical" | null;
  /** may hold a repair; only where side a is a repair */
  blocking?: boolean;
  /** who is told */
  departments?: ("nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw")[];
  /** not across the street, where the sides are known */
  same_side?: boolean;
  /** b ends at most so long after a begins */
  ends_within_days?: number | null;
  /** of a rule that counts: so many digs on one b */
  least_count?: number | null;
  /** … that begin within so many days */
  window_days?: number | null;
  /** why, for the record */
  reason?: string | null;
  /** as it was read */
  id?: string | null;
  /** as it was read; `If-Match` decides */
  version?: number | null;
  /** as it was read: other kinds are another rule */
  kinds_a?: string[] | null;
  /** as it was read */
  kinds_b?: string[] | null;
  /** as it was read */
  opportunity?: boolean | null;
  /** as it was read */
  yields_to?: string[] | null;
  /** as it was read */
  created_at?: string | null;
  /** as it was read */
  changed_by?: string | null;
}

/** What a change would do. Lists hold the worst 200; `counts` counts all. */
export interface RulePreview {
  rule: string;
  /** the version that is in force */
  version: number;
  /** by field: [now, then] */
  changes: Record<string, any>;
  before: Totals;
  after: Totals;
  counts: Counts;
  appear: PreviewedConflict[];
  disappear: PreviewedConflict[];
  change_severity: PreviewedConflict[];
  computed_at: string;
  computed_for: string;
}

/** The days a repair is to be done, and why in spite of works. */
export interface ScheduleIn {
  starts_on: string;
  ends_on: string;
  override_reason?: string | null;
}

/** How pressing a case is, at most 100, and the parts that add up to it. */
export interface Score {
  total: number;
  money: number;
  time: number;
  certainty: number;
  severity: number;
}

/** `first` in this order, then the repair, then `later`. */
export interface Sequence {
  sentence: string;
  first: Step[];
  /** null: any day, or nobody knows */
  repair_from: string | null;
  /** the repair's own days are over by then */
  moves: boolean;
  later: Step[];
  /** what repairing before all of them would lose, once */
  cost_at_risk_eur: number;
  /** expected cost of the first day on which it could be done */
  now_eur: number;
  /** expected cost of the best day, that of waiting included */
  best_eur: number;
  /** by how much the best day beats the next best; null: there is no other */
  margin_eur: number | null;
}

/** One setting as this process runs with it. */
export interface Setting {
  name: string;
  variable: string;
  /** masked where it is a secret */
  value: string;
  origin: "argument" | "environment" | "secret file" | "default";
  /** what it means, in the reader's language */
  description: string;
}

/** The verdict on one repair, in a word and a sentence. */
export interface ShortAdvice {
  verdict: "repair" | "make_safe" | "wait" | "combine" | "recover" | "coordinate";
  until: string | null;
  blocked: boolean;
  title: string;
  sentence: string;
  cost_at_risk_eur: number;
  citizen_text: string;
}

/** One of the two claims, and what it comes from. */
export interface Side {
  kind: string;
  claim: Record<string, any>;
  works: WorksBrief | null;
  /** where several records are one dig, or are counted together: all of them */
  dig: WorksBrief[];
  repair: Reference | null;
  building: NamedReference | null;
  street: NamedReference | null;
  owner: string | null;
  /** as stated, where the source states it */
  starts_on: string | null;
  /** as stated; the slack on it is in `free_from` */
  ends_on: string | null;
  /** the first day that is free, slack included; null: never */
  free_from: string | null;
}

/** Works that should have begun, and of which nobody says that they did. */
export interface SilentWorks {
  id: string;
  source: string;
  source_id: string;
  owner: string;
  owner_group: string;
  title: string;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  starts_on: string;
  /** first day after the last phase */
  ends_on: string;
  /** since the first day */
  days: number;
  /** when their source last showed them */
  heard_at: string | null;
}

/** How old the truth of one source is. */
export interface Source {
  source: string;
  label: string;
  first_tried_at: string | null;
  last_success_at: string | null;
  age_seconds: number | null;
  counts: Record<string, number> | null;
  last_failure: LastFailure | null;
  /** what is no longer shown, and not believed until confirmed */
  shrunk: Record<string, any> | null;
  expected_seconds: number | null;
  state: "fresh" | "late" | "silent" | "never";
}

/** What every page shows. */
export interface StatusOfAll {
  city: string;
  today: string;
  computed_at: string;
  data_age_seconds: number | null;
  stands_at: string | null;
  recomputed_at: string | null;
  differences: number | null;
  sources: Source[];
  bounds: [number, number, number, number];
  center: [number, number];
  demo: boolean;
  golden: Record<string, any>[];
  keys_expiring: number | null;
}

/** Works in their place, deepest first. */
export interface Step {
  works_id: string | null;
  /** all records of the dig */
  works_ids: string[];
  owner: string;
  source: string;
  source_id: string;
  title: string;
  /** what they open; `energy`: gas or electricity, the record does not say */
  layer: "sewer" | "water" | "gas" | "heat" | "energy" | "electricity" | "telecom" | "unknown" | "rails" | "street" | "footpath" | "carriageway" | "lighting" | "markings";
  role: "before" | "wait" | "join" | "holds" | "after" | "early" | "advance" | "crossing" | "aside";
  text: string;
  starts_on: string;
  ends_on: string;
  /** first day that is free: with their slack where the dates can be built on; a wish frees the ground when it says so */
  free_from: string;
  /** how far the stated end may be off */
  slack_days: number;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  probability: number;
  overdue: boolean;
  /** whether their days can be built on */
  sure: boolean;
  shared_m2: number;
  /** of the repair's ground that must be laid again after these */
  shared_share: number;
  /** what repairing before these works would lose */
  cost_at_risk_eur: number;
  /** rank among those that come first: 1 is the dearest */
  weight: number | null;
  /** deeper works on the same ground that come only after these */
  too_soon_for: string[];
  /** of the programme that these stand in, as its source writes it */
  remark: string | null;
}

/** The footpath along the houses of a street between two numbers, on one side. */
export interface Stretch {
  street: string;
  side: "even" | "odd";
  kind: "footpath" | "cycle_path" | "carriageway";
  /** the lowest house that stands there */
  number_from: string;
  /** the highest */
  number_to: string;
  /** the lower number of the question */
  first: string;
  /** the higher number of the question */
  last: string;
  /** the sections in which it lies, with commas between them */
  code: string;
  /** of most of it */
  material: string | null;
  /** of the oldest section */
  laid_on: string | null;
  area_m2: number;
  /** a polygon: what `/advice` judges with scope `area` */
  geometry: Geometry;
}

/** One per side: two where one number is even and the other odd. */
export interface Stretches {
  items: Stretch[];
}

/** A webhook, or an e-mail address. */
export interface Subscription {
  id: string;
  channel: "webhook" | "email";
  /** null: the e-mail address of the person */
  target: string | null;
  /** of the person who asks; others do not see it */
  personal: boolean;
  name: string | null;
  /** who made it, or switched it on last; null: before this was kept */
  made_by: string | null;
  /** a webhook that is off because its maker was disabled: switch it on to take it over */
  maker_left: boolean;
  filter: Record<string, any>;
  /** of e-mail */
  rhythm: "each" | "critical" | "digest" | null;
  /** of e-mail; null: that of the person or the service */
  language: "nl" | "en" | null;
  /** of e-mail, on the city's clock */
  quiet_hours: QuietHours | null;
  /** nothing is sent before; it waits */
  snoozed_until: string | null;
  active: boolean;
  /** why the last e-mail came back; null once one arrives */
  problem: string | null;
  problem_at: string | null;
  version: number;
  created_at: string;
}

/** A new webhook, or e-mail to an address; without one to the person who asks, in its rhythm. */
export interface SubscriptionIn {
  channel?: "webhook" | "email";
  /** https address that receives Standard Webhooks, or an e-mail address */
  target?: string | null;
  filter?: Filter;
  /** as people call it */
  name?: string | null;
  /** of e-mail: `each` alert at once, `critical` ones at once (default), or `digest` */
  rhythm?: "each" | "critical" | "digest" | null;
  /** of e-mail */
  language?: "nl" | "en" | null;
  /** of e-mail: what comes then waits for their end */
  quiet_hours?: QuietHoursIn | null;
}

/** What changes; the rest stays. */
export interface SubscriptionPatch {
  target?: string;
  filter?: Filter;
  active?: boolean;
  name?: string | null;
  rhythm?: "each" | "critical" | "digest";
  language?: "nl" | "en" | null;
  quiet_hours?: QuietHoursIn | null;
  /** nothing is sent before; it waits, and null sends it. At most 30 days from now */
  snoozed_until?: string | null;
}

/** Money of another government, and the last day to do what it asks. */
export interface Subsidy {
  name: string;
  amount_eur?: number | null;
  due_on?: string | null;
  state?: "asked" | "granted" | "paid" | "refused";
}

/** A conflict that is there in the place of another one. */
export interface Successor {
  id: string;
  number: string;
}

/** Two records that may be one, of which a publisher changed the id: `old_id` is the one it no longer shows. */
export interface SuggestedRenumbering {
  id: string;
  old_id: string;
  new_id: string;
  old_source_id: string;
  new_source_id: string;
  /** shared ground over the ground of both, 0 to 1 */
  likeness: number;
  /** days later; null: neither has days */
  starts_moved: number | null;
  ends_moved: number | null;
}

/** What a webhook, or the mail server, said to a test. */
export interface TestAnswer {
  delivered: boolean;
  /** HTTP status of a webhook; null: it was not reached, or this is e-mail */
  status: number | null;
  error: string | null;
}

/** Claims on guarantees. */
export interface ToRecover {
  /** sent or accepted, and not paid */
  claims: number;
  /** what they add up to */
  amount_eur: number;
  /** of those: without an answer */
  sent: number;
  /** repairs, finished ones too, that nobody claimed yet from the utility whose guarantee applies */
  unclaimed: number;
  sums: ClaimSum[];
}

/** What a rule comes to. */
export interface Totals {
  conflicts: number;
  /** conflicts that hold a repair */
  blocking: number;
  /** of each repair its dearest conflict: a surface is lost once */
  cost_at_risk_eur: number;
}

/** A repair, finished or not, that nobody claimed yet from the utility whose guarantee applies; `conflict_id` is where it is claimed. */
export interface UnclaimedDefect {
  conflict_id: string;
  number: string;
  repair_id: string;
  repair_number: string;
  owner: string;
  owner_group: string;
  guaranteed_until: string;
  amount_eur: number;
}

/** A view to share with a department. */
export interface ViewIn {
  department: "nutsen" | "werkplaatsen" | "publiek_domein" | "patrimonium" | "stedenbouw";
  screen: "cases" | "repairs" | "overview" | "map";
  name: string;
  /** the query of the page's address: filters, order, columns */
  search: string;
}

/** Requests that a utility has not answered. */
export interface Waiting {
  requests: number;
  /** of those: over their term */
  late: number;
}

/** What a contractor answers for, until and including a day. */
export interface Warranty {
  what: string;
  until: string;
  /** the organisation that answers for it */
  by?: string | null;
}

/** A proposal; nothing of it is stored before somebody accepts it. */
export interface WeekPlan {
  /** the working days of the period */
  days: string[];
  teams: PlanTeam[];
  lines: PlanLine[];
  left: PlanLeft[];
  loads: PlanLoad[];
  distance: DriveDistance;
  computed_at: string;
}

/** What is still to be done. */
export interface Worklist {
  on: string;
  items: WorklistItem[];
  teams: Crew[];
  /** `cursor` of the page after this one; null at the end */
  next: string | null;
  /** how many there are in all pages */
  total: number;
}

/** A repair that is not finished, judged as of now. */
export interface WorklistItem {
  repair: Repair;
  /** the houses that it lies in front of; null: there are none */
  place: Place | null;
  /** its number in the way of its crew today; null: the crew does not go */
  stop: number | null;
  advice: ShortAdvice;
  /** the last change since yesterday */
  changed: AdviceChange | null;
}

/** A planned occupation of the public domain; `geometry` is that of all phases together. */
export interface Works {
  id: string;
  source: string;
  source_id: string;
  owner: string;
  owner_id: string;
  owner_group: string;
  title: string;
  description: string | null;
  reference: string | null;
  kind: "groundworks" | "works" | "event" | "building_project";
  category: string | null;
  utilities: string[];
  specification: string[];
  /** for those who pass, in the words of the source */
  consequences: string[];
  /** of the street that they open, read from their texts */
  layer: "sewer" | "water" | "gas" | "heat" | "energy" | "electricity" | "telecom" | "unknown" | "rails" | "street" | "footpath" | "carriageway" | "lighting" | "markings" | null;
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  source_status: string | null;
  working_days: number | null;
  /** of the source's own remark column, as it wrote it */
  remark: string | null;
  /** the building that they are about */
  building_id: string | null;
  finished_on: string | null;
  /** a person says: no part of another dig */
  apart: boolean;
  /** as a person says; null: from length and size */
  umbrella: boolean | null;
  /** other works that are one dig with these */
  dig_with: string[];
  /** by which its source knew it before */
  former_ids: string[];
  /** suggested, and not yet decided */
  renumbering: SuggestedRenumbering | null;
  vanished_at: string | null;
  version: number;
  created_at: string;
  updated_at: string;
  geometry: Geometry;
  phases: Phase[];
}

/** What a person needs to recognise works. */
export interface WorksBrief {
  id: string;
  source: string;
  source_id: string;
  title: string;
  kind: "groundworks" | "works" | "event" | "building_project";
  certainty: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  owner: string;
  owner_group: string;
  owner_group_name: string;
  vanished_at: string | null;
}

/** One observed change of works; `ends_on` is the first day after, as everywhere. Of ground (`geometry`) only that it changed. */
export interface WorksChange {
  field: "starts_on" | "ends_on" | "certainty" | "source_status" | "geometry" | "phase" | "vanished" | "remark";
  /** of one phase, not of the works as a whole */
  of_phase: boolean;
  old_value: string | null;
  new_value: string | null;
  observed_on: string;
  observed_at: string;
}

/** What was observed of works, the latest first. */
export interface WorksHistory {
  items: WorksChange[];
}

/** New works. `owner` is the organisation's name, or its id. */
export interface WorksIn {
  description?: string | null;
  reference?: string | null;
  category?: string | null;
  /** the building that they are about: a project of the city itself */
  building_id?: string | null;
  /** that each phase expects to take within its window */
  working_days?: number | null;
  remark?: string | null;
  source?: string;
  source_id?: string | null;
  owner: string;
  /** without one: the first line of the description */
  title?: string | null;
  kind: "groundworks" | "works" | "event" | "building_project";
  utilities?: string[];
  certainty?: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  phases: PhaseIn[];
}

/** Changes to works: only what is sent changes; `phases` replaces them all. */
export interface WorksPatch {
  description?: string | null;
  reference?: string | null;
  category?: string | null;
  /** the building that they are about: a project of the city itself */
  building_id?: string;
  /** that each phase expects to take within its window */
  working_days?: number | null;
  remark?: string | null;
  owner?: string;
  title?: string;
  kind?: "groundworks" | "works" | "event" | "building_project";
  utilities?: string[];
  certainty?: "indicative" | "planned" | "confirmed" | "in_progress" | "done" | "cancelled";
  phases?: PhaseIn[];
  /** no part of another dig, whatever its ground and days say */
  apart?: boolean;
  /** umbrella works or not; null: from length and size */
  umbrella?: boolean | null;
}
