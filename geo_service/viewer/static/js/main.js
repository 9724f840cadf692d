/** The viewer: read from top to bottom, one line per part. */
import { createShell } from "./shell.js";
import { createFreshness } from "./screens/freshness/freshness.js";
import { createSearch } from "./screens/search/search.js";
import { createPanel } from "./screens/panel/panel.js";
import { createCheck } from "./screens/check/check.js";
import { createDetail } from "./screens/detail/detail.js";
import { createConflictList } from "./screens/list/list.js";
import { createCase } from "./screens/cases/case.js";
import { createInbox } from "./screens/cases/inbox.js";
import { createMapArea } from "./map/area.js";
import { createPerson } from "./person.js";
import { createKeys } from "./keys.js";
import { createStatus } from "./status.js";
import { loadLocale } from "./i18n.js";
import { startState } from "./state.js";

await loadLocale();
const state = startState();
const status = createStatus();

const shell = createShell(state);
const freshness = createFreshness(status);
const search = createSearch(state);
const person = createPerson();
const inbox = createInbox(state);
const matter = createCase(state, person, inbox);
const detail = createDetail(state, person);
const keys = createKeys(state, (key) => [detail, matter, inbox].some((part) => part.press(key)));
shell.bar.append(search.element, freshness.button, keys.button, person.element);
shell.note.append(person.note, freshness.note);

const check = createCheck(state, status);
const list = createConflictList(state);
const panel = createPanel(state, [check.view, detail.view, matter.view, inbox.view, list.view]);
const map = createMapArea(state, status, check, [detail, matter]);
shell.main.append(panel, map);
document.body.append(shell.element, freshness.dialog, keys.dialog);

state.start();
person.load();
await status.load();
