/** The address bar as state: each part by its English name here, by its key and its Dutch words in the address. Unknown keys are kept. */

/** @typedef {"works" | "repair" | "building" | "conflict" | "unknown"} Kind of the thing that is open */
/** @typedef {"today" | "4w" | "12w" | "6m"} Period */
/** @typedef {"map" | "repairs" | "cases" | "overview" | "rules" | "admin"} Screen */
/** @typedef {"repair" | "ruleId" | "part"} Named */
/** @typedef {"conflicts" | "plan" | "avoided" | "mine" | "chances" | "requests" | "claims" | "protected" | "works" | "near" | "projects" | import("./screens/repairs/groups.js").GroupName} List */
/** @typedef {import("openapi").Case["statuses"][number]} Status */

/**
 * @typedef {object} ViewState
 * @property {Screen | null} screen by the path; never null when it is read
 * @property {string | null} center "lon,lat"
 * @property {string | null} zoom
 * @property {string | null} place what to check: "lon,lat", a section code, a stretch or a drawing (`drawn.js`)
 * @property {"even" | "odd" | null} side of the street
 * @property {"spot" | "section" | null} scope of the repair
 * @property {"normal" | "high" | "danger" | null} urgency of the repair
 * @property {string | null} day of the repair, `YYYY-MM-DD`
 * @property {string | null} layers in view, comma separated
 * @property {"on" | null} background below the map (`map/background.js`)
 * @property {"area" | "line" | null} draw what the pen on the map draws
 * @property {Period | null} period of the works in view
 * @property {Selection | null} selection the thing that is open
 * @property {List | null} list in the panel, or group of the worklist
 * @property {string | null} owner group whose conflicts the list shows
 * @property {string | null} case that is open (id)
 * @property {string | null} repair that is open in the worklist (number); in the path
 * @property {string | null} ruleId of the rule that is open, in the path
 * @property {string | null} part of the administration in the path
 * @property {string | null} team whose repairs the worklist shows
 * @property {Status | null} status of the cases in the list; null: those with something to decide
 * @property {string | null} department that follows the cases in the list up
 * @property {string | null} person who follows them up
 * @property {string | null} rule, street, within (days to decide), since and until (opened) of the cases in the list
 * @property {string | null} street
 * @property {string | null} within
 * @property {string | null} since
 * @property {string | null} until
 * @property {"money" | "day" | "street" | null} sort of the cases; null: the most pressing first
 * @property {string | null} columns of the list, comma separated; null: those that the person chose
 * @property {"street" | "owner" | null} group of the overview, from the week of the day `from`, `weeks` long
 * @property {string | null} from
 * @property {string | null} weeks
 * @property {string | null} week whose open streets the overview shows, and whose works the map; its Monday
 */

/** @typedef {`${Kind}:${string}`} Selection kind and id (or number) of a thing: "works:ID" */
/** @typedef {Partial<ViewState>} Patch */
/** `read` gives null for what the address cannot mean. @typedef {{key: string, read: (text: string) => string | null, write: (value: string) => string}} Part */

/** @type {Record<Kind, string>} */
const KINDS = { works: "werk", repair: "herstelling", building: "gebouw", conflict: "conflict", unknown: "?" };

/** @type {Record<Screen, string>} */
const PATHS = { map: "/kaart", repairs: "/herstellingen", cases: "/afstemming", overview: "/overzicht", rules: "/regels", admin: "/beheer" };

/** @type {Partial<Record<Screen, Named>>} */
const NAMED = { repairs: "repair", rules: "ruleId", admin: "part" };

/** @type {Record<Exclude<keyof ViewState, "screen" | Named>, Part>} */
const PARTS = {
  center: text("c"),
  zoom: text("z"),
  place: text("toets"),
  side: choice("kant", { even: "even", odd: "oneven" }),
  scope: choice("omvang", { spot: "plek", section: "vak" }),
  urgency: choice("toestand", { normal: "gewoon", high: "hinder", danger: "gevaar" }),
  day: { ...text("op"), read: (value) => (isDay(value) ? value : null) },
  layers: { ...text("lagen"), read: (value) => value.replace(/\bnieuw\b/, "sper") }, // what the layer of new footpaths became
  background: choice("achtergrond", { on: "aan" }),
  draw: choice("teken", { area: "vlak", line: "lijn" }),
  period: choice("periode", { today: "vandaag", "4w": "4w", "12w": "12w", "6m": "6m" }),
  selection: { key: "kies", read: readSelection, write: writeSelection },
  list: choice("lijst", { conflicts: "conflicten", plan: "weekplan", changed: "gewijzigd", today: "vandaag", late: "te-laat", open: "te-plannen", planned: "gepland", held: "wachtstand", avoided: "vermeden", mine: "mij", chances: "kansen", requests: "vragen", claims: "claims", protected: "sperperiode", works: "werken", near: "gebouwen", projects: "projecten" }),
  owner: text("eigenaar"),
  case: text("dossier"),
  status: choice("stand", {
    open: "open",
    acknowledged: "kennisgenomen",
    agreed: "afgesproken",
    settled: "afgerond",
    accepted_risk: "aanvaard",
  }),
  department: text("dienst"),
  person: text("wie"),
  team: text("ploeg"),
  rule: text("regel"),
  street: text("straat"),
  within: text("termijn"),
  since: text("sinds"),
  until: text("tot"),
  sort: choice("sorteer", { money: "geld", day: "datum", street: "straat" }),
  columns: text("kolommen"),
  group: choice("groep", { street: "straat", owner: "eigenaar" }),
  from: text("van"),
  weeks: text("weken"),
  week: { ...text("week"), read: (value) => (isDay(value) ? value : null) },
};

/** What leaves the address when another place is checked. */
export const CHECK = /** @satisfies {Patch} */ ({ screen: "map", repair: null, case: null, place: null, side: null, selection: null, list: null, draw: null, center: null, zoom: null });

/** The state in the address as it is now. @returns {ViewState} */
export function read() {
  const query = new URLSearchParams(location.search);
  const state = Object.entries(PARTS).map(([name, part]) => {
    const value = query.get(part.key);
    return [name, value === null ? null : part.read(value)];
  });
  return { ...(readPath(location.pathname) ?? readPath(PATHS.map)), ...Object.fromEntries(state) };
}

/** The address of this screen, or of the one in `patch`, with some parts changed; null removes one. @param {Patch} patch */
export function address(patch) {
  const query = new URLSearchParams(location.search);
  const here = read();
  const { screen, repair, ruleId, part, ...parts } = { screen: here.screen, repair: here.repair, ruleId: here.ruleId, part: here.part, ...patch };
  for (const [name, value] of Object.entries(parts)) {
    const { key, write } = PARTS[/** @type {keyof typeof PARTS} */ (name)];
    if (value === null || value === undefined) query.delete(key);
    else query.set(key, write(value));
  }
  const to = screen ?? "map";
  const name = NAMED[to];
  const named = name && { repair, ruleId, part }[name];
  const path = PATHS[to] + (named ? `/${encodeURIComponent(named)}` : "");
  return query.size > 0 ? `${path}?${readable(query.toString())}` : path;
}

/** The same address with the view of now: a link made before the map moved must not move it back. @param {URL} url */
export function keepView(url) {
  const here = new URLSearchParams(location.search);
  for (const { key } of [PARTS.center, PARTS.zoom]) {
    const value = here.get(key);
    if (url.searchParams.has(key) && value) url.searchParams.set(key, value);
  }
  return url.pathname + readable(url.search);
}

/** Kind and id of what is open. @param {Selection} selection @returns {{kind: Kind, id: string}} */
export function parseSelection(selection) {
  const [kind, ...rest] = selection.split(":");
  return { kind: /** @type {Kind} */ (kind), id: rest.join(":") };
}

/** Whether a path is one of this page. @param {string} path */
export const isScreen = (path) => path === "/" || readPath(path) !== null;

/** The screen of a path, and what it names. @param {string} path @returns {{screen: Screen} & Record<Named, string | null> | null} */
function readPath(path) {
  const [, first, second, ...rest] = path.split("/");
  const screen = /** @type {Screen[]} */ (Object.keys(PATHS)).find((name) => PATHS[name] === `/${first}`);
  const named = screen && NAMED[screen];
  if (!screen || rest.length > 0 || (second && !named)) return null;
  return { screen, repair: null, ruleId: null, part: null, ...(named && second && { [named]: safely(second) }) };
}

/** A part of a path as it was before it was encoded; as it stands when it cannot be. @param {string} part */
function safely(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** @param {string} query */
const readable = (query) => query.replaceAll("%2C", ",").replaceAll("%3A", ":");

/** @param {string} key @returns {Part} */
function text(key) {
  return { key, read: (value) => value, write: (value) => value };
}

/** @param {string} key @param {Record<string, string>} words by value @returns {Part} */
function choice(key, words) {
  const values = new Map(Object.entries(words).map(([value, word]) => [word, value]));
  return { key, read: (word) => values.get(word) ?? null, write: (value) => words[value] ?? value };
}

/** @param {string} named */
function readSelection(named) {
  const [word, ...rest] = named.split(":");
  const [kind] = Object.entries(KINDS).find((entry) => entry[1] === word) ?? ["unknown"];
  return [kind, ...rest].join(":");
}

/** @param {string} selection */
function writeSelection(selection) {
  const { kind, id } = parseSelection(/** @type {Selection} */ (selection));
  return `${KINDS[kind]}:${id}`;
}

/** Whether this is a day of the calendar, `YYYY-MM-DD`: an address can be typed. @param {string} typed */
function isDay(typed) {
  const instant = Date.parse(`${typed}T00:00:00Z`);
  return Number.isFinite(instant) && new Date(instant).toISOString().slice(0, 10) === typed;
}
