/** The viewer: read from top to bottom, one line per part. */
import { createShell } from "./shell.js";
import { createFreshness } from "./screens/freshness/freshness.js";
import { createSearch } from "./screens/search/search.js";
import { createPanel } from "./screens/panel/panel.js";
import { createCheck } from "./screens/check/check.js";
import { createScreens } from "./screens/screens.js";
import { createMapArea } from "./map/area.js";
import { createPerson } from "./person.js";
import { createKeys } from "./keys.js";
import { createOpened } from "./opened.js";
import { startFollowing } from "./follow.js";
import { startNews } from "./news.js";
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
const opened = createOpened();
const check = createCheck(state, status, person);
const panel = createPanel(state, check.view, createScreens(state, person, opened, status));
const keys = createKeys(state, panel.press);
shell.bar.append(search.element, freshness.button, keys.button, person.element);
shell.note.append(person.note, freshness.note);

shell.main.append(panel.element, createMapArea(state, status, person, check, opened));
document.body.append(shell.element);

state.start();
startFollowing();
startNews();
person.onChange(shell.fit);
status.onChange(shell.say);
person.onChange((me) => import("./outbox/outbox.js").then(({ nameOf, outbox }) => outbox.belongTo(nameOf(me)), () => undefined));
person.load();
import("./badges.js").then(({ startBadges }) => startBadges(person, shell.element), () => undefined);
await status.load();
(await import("./offline/offline.js")).startOffline(person, status, shell.note);
