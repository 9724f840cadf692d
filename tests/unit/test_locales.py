"""Every word on the screen comes from the locale files, and the viewer's files are what they say they are."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from geo_service.alerts import feed
from geo_service.api import script_modules, viewer_pages
from geo_service.api.static_files import WORDS_OF_OTHERS, WORDS_OF_SCREENS, StaticFiles
from geo_service.detection.rules import RULES
from geo_service.domain import advice, buildings, claims, conflicts, errors, repairs, reports, roles, works
from geo_service.domain.parameters import PARAMETER_NAMES
from geo_service.i18n import Translator
from geo_service.store import audit

VIEWER = Path(__file__).parents[2] / "geo_service" / "viewer"
STATIC = VIEWER / "static"
TEXTS = {
    name: json.loads((VIEWER / "locales" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("nl", "en")
}
SCRIPTS = {path: path.read_text(encoding="utf-8") for path in sorted((STATIC / "js").rglob("*.js"))}
OWN = [*SCRIPTS, *sorted((STATIC / "css").glob("*.css")), STATIC / "index.html"]

# Worded by the server, from the same files.
SERVER_GROUPS = {
    "account",
    "factor",
    "paper",
    "calendar",
    "alert",
    "gone",
    "answer",
    "assistant",
    "import",
    "verdict",
    "reason",
    "alternative",
    "citizen",
    "column",
    "key_state",
    "simulate",
    "dictionary",
    "disappear",
    "day_list",
    "dispatch",
    "error",
    "field",
    "failed",
    "frontage",
    "layer",
    "login",
    "mail",
    "ogc",
    "qgis",
    "open311",
    "request",
    "request_state",
    "case_export",
    "claim_file",
    "closure",
    "claim_status",
    "said",
    "sequence",
    "street_letter",
    "street_page",
    "table",
    "unsubscribe",
    "usage",
    "week_plan",
}
# Keys put together from a variable and a suffix: the list of shortcuts.
BUILT = {"keys"}
# Keys whose last part is a code: t(`group.${code}`) and word("group", code).
CODED = re.compile(r"""\bt\(`([\w.]+)\.\$\{|\bword\("(\w+)\"""")
# Whole keys: t("a.b"), and keys kept in constants of the legend, the rail and the tables.
WHOLE = re.compile(r'"([a-z_]+(?:\.[\w-]+)+)"')


def used_groups() -> set[str]:
    return {found for script in SCRIPTS.values() for pair in CODED.findall(script) for found in pair if found}


def used_keys() -> set[str]:
    literal = {key for script in SCRIPTS.values() for key in re.findall(r'\bt\("([^"]+)"', script)}
    kept = {key for script in SCRIPTS.values() for key in WHOLE.findall(script) if key in TEXTS["nl"]}
    return literal | kept


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def codes(group: str, values: object) -> set[str]:
    return {f"{group}.{value}" for value in get_args(values)}


def test_both_languages_have_the_same_keys() -> None:
    assert TEXTS["nl"].keys() == TEXTS["en"].keys()


def test_both_languages_fill_in_the_same_values() -> None:
    different = {
        key for key, text in TEXTS["nl"].items() if placeholders(text) != placeholders(TEXTS["en"][key])
    }
    assert different == set()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_text_is_empty_or_shouts(language: str) -> None:
    assert [key for key, text in TEXTS[language].items() if not text.strip() or "!" in text] == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_keys_are_sorted_so_that_a_change_shows_where_it_belongs(language: str) -> None:
    assert list(TEXTS[language]) == sorted(TEXTS[language])


def test_every_key_that_the_viewer_uses_exists() -> None:
    assert used_keys() - TEXTS["nl"].keys() == set()
    groups = {key.rpartition(".")[0] for key in TEXTS["nl"]}
    assert {group for group in used_groups() if group not in groups} == set()


def test_every_key_is_used_by_the_viewer_or_the_server() -> None:
    reachable = used_groups() | SERVER_GROUPS | BUILT
    unused = {
        key
        for key in TEXTS["nl"]
        if key.partition(".")[0] not in reachable and key.rpartition(".")[0] not in reachable
    }
    assert {key for key in unused if key.removesuffix(".one") not in used_keys()} == set()


def test_every_code_of_the_domain_has_a_word() -> None:
    wanted = (
        codes("certainty", works.Certainty)
        | codes("works_kind", works.WorksKind)
        | codes("category", repairs.RepairCategory)
        | codes("scope", repairs.Scope)
        | codes("urgency", repairs.Urgency)
        | codes("repair_status", repairs.RepairStatus)
        | codes("severity", conflicts.Severity)
        | codes("status", conflicts.Status)
        | codes("claim", claims.ClaimKind)
        | codes("pavement", buildings.PavementKind)
        | codes("role", roles.Role)
        | {f"reporter_media.{problem}" for problem in reports.REPORT_MEDIA_PROBLEMS}
        | {f"building.{function}" for function in buildings.ACCESS_FUNCTIONS}
        | {f"rule.{rule.id}" for rule in RULES}
        | {f"verdict.{verdict}.title" for verdict in get_args(advice.Verdict)}
        | {f"alert.{kind}.title" for kind in feed.ALERT_TYPES}
        | {f"rules_parameter.{name}" for name in PARAMETER_NAMES}
        | {f"admin_act.{action}" for action in audit.ACTIONS}
        | {f"error.{kind.code}" for kind in errors.GeoServiceError.__subclasses__()}
    )
    assert wanted - TEXTS["nl"].keys() == set()


@pytest.mark.parametrize("way", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("])
def test_text_lands_as_text_never_as_markup(way: str) -> None:
    assert [path.name for path, script in SCRIPTS.items() if way in script] == []


def test_own_files_stay_small() -> None:
    long = {
        path.name: length
        for path in OWN
        if (length := len(path.read_text(encoding="utf-8").splitlines())) >= 300
    }
    assert long == {}


def packed(paths: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def loaded(*entries: str) -> set[Path]:
    """The scripts of a page that begins with these, without what it fetches later."""
    files = StaticFiles(VIEWER)
    names = script_modules.closure(files, *(f"static/js/{name}" for name in entries))
    return {VIEWER / name for name in names}


def styles(path: Path) -> set[Path]:
    """The style sheets that a page, or a script, names."""
    text = path.read_text(encoding="utf-8")
    names = {*re.findall(r"/css/(\w+)\.css", text), *re.findall(r'\bcss\("(\w+)"\)', text)}
    return {STATIC / "css" / f"{name}.css" for name in names}


def test_a_page_loads_no_words_that_only_others_say() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "js").rglob("*.js"))
    served = json.loads(StaticFiles(VIEWER).text("locales/nl.json"))
    assert TEXTS["nl"].keys() - served.keys() == {
        key for key in TEXTS["nl"] if key.startswith((*WORDS_OF_OTHERS, *WORDS_OF_SCREENS.values()))
    }
    assert {group for group in WORDS_OF_OTHERS if re.search(rf"[\"'`]{re.escape(group)}", scripts)} == set()
    assert {group for group in WORDS_OF_OTHERS if any(key.startswith(group) for key in TEXTS["nl"])} == {
        *WORDS_OF_OTHERS
    }


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("screen", WORDS_OF_SCREENS)
def test_a_screen_that_is_loaded_later_brings_its_own_words(screen: str, language: str) -> None:
    beginning = WORDS_OF_SCREENS[screen]
    served = json.loads(StaticFiles(VIEWER).text(f"locales/{screen}.{language}.json"))
    assert served == {key: word for key, word in TEXTS[language].items() if key.startswith(beginning)} != {}
    spoken = re.compile(rf"[\"'`]{beginning}[._]")
    assert [path.name for path in loaded("main.js") if spoken.search(SCRIPTS[path])] == []
    assert any(f'loadScreenWords("{screen}")' in script for script in SCRIPTS.values())


def test_the_first_text_stays_within_its_budget() -> None:
    """What each screen begins with: 66 kB of our own, and 155 kB with its texts and fonts; `/docs` and the login page are other pages."""
    page = STATIC / "index.html"
    own = packed({page, *styles(page), *loaded("main.js")})
    texts = len(gzip.compress(StaticFiles(VIEWER).text("locales/nl.json").encode()))
    others = texts + packed((STATIC / "fonts").glob("*.woff2"))
    assert own < 66_000
    assert own + others < 155_000


@pytest.mark.parametrize("path", sorted(viewer_pages.SCREENS))
def test_each_screen_stays_within_its_budget(path: str) -> None:
    """90 kB for all that is our own before it can be used, its map included."""
    page = STATIC / "index.html"
    scripts = loaded("main.js", *viewer_pages.SCREENS[path])
    sheets = {sheet for script in scripts for sheet in styles(script)}
    assert packed({page, *styles(page), *scripts, *sheets}) < 90_000


def test_the_page_allows_exactly_its_own_import_map() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    import_map = page.partition('<script type="importmap">')[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(import_map.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page
    for path in json.loads(import_map)["imports"].values():
        assert (STATIC / path.removeprefix("/viewer/static/")).is_file()


def test_nothing_is_fetched_from_another_host() -> None:
    hosts = {
        host for path in OWN for host in re.findall(r"https?://[\w.]+", path.read_text(encoding="utf-8"))
    }
    assert hosts <= {"http://www.w3.org"}


def test_vendored_files_are_those_of_the_readme() -> None:
    readme = (VIEWER / "README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"\| `(static/[^`]+)` \| `([0-9a-f]{64})` \|", readme))
    vendored = {
        path
        for folder in ("vendor", "fonts")
        for path in (STATIC / folder).rglob("*")
        if path.suffix != ".txt" and path.is_file()
    }
    assert {str(path.relative_to(VIEWER)) for path in vendored} == listed.keys()
    assert {name: hashlib.sha256((VIEWER / name).read_bytes()).hexdigest() for name in listed} == listed


@pytest.mark.parametrize(("days", "end"), [(0, "meteen weer open."), (1, "na één dag."), (2, "na 2 dagen.")])
def test_a_sentence_counts_none_and_one_in_words(days: int, end: str) -> None:
    translator = Translator("nl", date(2026, 11, 23))
    assert translator.text("reason.wasted_repair", years=20, days=days, weeks=1).endswith(end)
