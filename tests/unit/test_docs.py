"""The pages say what the code does: settings, rules, parameters, commands, layers and routes; links lead somewhere."""

from __future__ import annotations

import itertools
import re
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
import typer
from typer.main import get_command

from geo_service import settings, sql
from geo_service.api.app import create_app
from geo_service.cli import app as command_line
from geo_service.detection.rules import CERTAINTY_ROWS, RULES
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCategory, Urgency
from geo_service.domain.users import LEAST_PASSWORD, MOST_PASSWORD
from geo_service.domain.works import Certainty, WorksKind
from geo_service.intake.mapping.definition import PavementKind
from geo_service.setting_lines import describe
from geo_service.settings import Settings
from tests.scenes import Found, Scene

PROJECT = Path(__file__).parents[2]
VIEWER = PROJECT / "geo_service" / "viewer"
LISTED = subprocess.run(
    ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
    cwd=PROJECT, capture_output=True, text=True, check=False,
).stdout.split()  # fmt: skip
FOLDERS = (PROJECT, PROJECT / "docs", PROJECT / "docs" / "adr", PROJECT / "docs" / "how-to")
PAGES = sorted({PROJECT / name for name in LISTED} | {page for one in FOLDERS for page in one.glob("*.md")})
README = (PROJECT / "README.md").read_text(encoding="utf-8")
RULES_PAGE = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
LAYERS_PAGE = (PROJECT / "docs" / "how-to" / "add-a-layer.md").read_text(encoding="utf-8")

LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
SAFE_HOST = re.compile(r"https?://")
MACHINE = re.compile(r"(?<![\w.:/])/(?:work|root|home|tmp|Users|mnt)/|\bfile://|\b[A-Z]:\\")


def cells(page: str, header: str) -> list[list[str]]:
    """The rows of the table whose first line begins with `header`."""
    _, _, rest = page.partition(f"\n{header}")
    assert rest, f"there is no table {header}"
    rows = itertools.takewhile(lambda line: line.startswith("|"), rest.splitlines()[2:])
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in rows]


def first_words(rows: list[list[str]]) -> list[str]:
    return [row[0].strip("`") for row in rows]


def anchors(page: Path) -> set[str]:
    """The names that headings get: lower case, no signs, dashes for spaces."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def broken_links(page: Path) -> list[str]:
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if SAFE_HOST.match(link) or link.startswith("mailto:"):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    return broken


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_to_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One title\n[a](page.md#one-title) [b](gone.md) [c](#other) [d](https://example.org)\n")
    assert broken_links(page) == ["gone.md", "#other"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_no_page_names_a_path_of_one_machine(page: Path) -> None:
    assert MACHINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("text", ["see /home/me/x", "file:///x", "in /tmp/y.json"])
def test_a_path_of_one_machine_is_seen(text: str) -> None:
    assert MACHINE.search(text)


def test_every_how_to_is_named_in_the_readme() -> None:
    there = {f"docs/how-to/{page.name}" for page in (PROJECT / "docs" / "how-to").glob("*.md")}
    assert there - set(LINK.findall(README)) == set()


def test_every_decision_is_in_the_list_of_decisions() -> None:
    index = PROJECT / "docs" / "adr" / "README.md"
    pages = {page.name for page in index.parent.glob("*.md")} - {"README.md"}
    assert set(LINK.findall(index.read_text(encoding="utf-8"))) == pages


def test_every_setting_is_explained_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GEO_HOME", "GEO_SHARED"):
        monkeypatch.delenv(name, raising=False)
    explained = {row[0].strip("`"): row[1].strip("`") for row in cells(OPERATIONS, "| Variable | Default")}
    defaults = {line.variable: line.value.lower().removesuffix(".0") for line in describe(settings.load())}
    defaults["GEO_BASE_URL"] = "http://host:port"
    assert {name: value.lower() for name, value in explained.items()} == defaults
    assert len(explained) == len(Settings.model_fields)


def test_every_parameter_is_explained_with_its_default() -> None:
    explained = {row[0].strip("`"): float(row[1]) for row in cells(RULES_PAGE, "| Parameter | Default")}
    assert explained == {one.name: getattr(Parameters(), one.name) for one in fields(Parameters)}


def test_every_rule_is_explained_as_it_stands_in_the_code() -> None:
    explained = cells(RULES_PAGE, "| Rule | a | b |")
    assert explained == [
        [
            f"`{rule.id}`",
            ", ".join(rule.kinds_a),
            ", ".join(rule.kinds_b),
            f"{rule.clearance_m:g}",
            rule.owners,
            rule.severity or ("from the building" if "access" in rule.kinds_b else "from the money"),
            "yes" if rule.blocking else "no",
            ", ".join(rule.departments),
        ]
        for rule in RULES
    ]
    for rule in RULES:
        assert f"- **`{rule.id}`**" in RULES_PAGE


def test_every_certainty_is_explained_as_it_stands_in_the_code() -> None:
    explained = [[row[0].strip("`"), *row[2:]] for row in cells(RULES_PAGE, "| Certainty | On screen |")]
    assert explained == [
        [
            row.certainty,
            str(row.slack_before_days),
            str(row.slack_after_days),
            f"{row.probability:g}",
            "yes" if row.firm else "no",
        ]
        for row in CERTAINTY_ROWS
    ]


def test_the_example_by_hand_is_what_the_service_says(conn: sa.Connection) -> None:
    result = {row[0]: row[2] for row in cells(RULES_PAGE, "| Step | Sum | Result |")}

    def number(step: str) -> float:
        return float(re.findall(r"[\d.]+", result[step])[0])

    scene = Scene(conn)
    scene.section(length_m=20, width_m=2)
    scene.works(days=(30, 44), certainty="planned")
    repair = scene.repair(at=(5, 1), planned=(3, 4))

    facts = scene.conflict("wasted_repair")["facts"]
    assert facts["inputs"]["value_eur"] == number("value")
    assert facts["inputs"]["life_days"] == number("service life")
    assert facts["gap_days"] == number("gap")
    assert 1 - facts["gap_days"] / facts["inputs"]["life_days"] == pytest.approx(
        number("left of the life"), abs=5e-6
    )
    assert facts["cost_at_risk_eur"] == number("cost at risk")
    assert scene.conflicts() == [Found("wasted_repair", result["severity"], result["holds"] == "yes", "open")]
    assert scene.hold(repair) == (True, result["verdict"], number("free from"))


def verbs(command: object, names: tuple[str, ...] = ()) -> set[str]:
    """Every command that can be typed: `db up`."""
    below = getattr(command, "commands", None)
    if below is None:
        return {" ".join(names)}
    return {verb for name, one in below.items() for verb in verbs(one, (*names, name))}


def test_every_command_is_explained() -> None:
    assert isinstance(command_line, typer.Typer)
    typed = {
        re.split(r" (?=[A-Z\[-])", row, maxsplit=1)[0]
        for row in first_words(cells(README, "| Command | Does"))
    }
    assert typed == verbs(get_command(command_line))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_a_page_names_only_commands_that_exist(page: Path) -> None:
    there = verbs(get_command(command_line))
    named = re.findall(r"\bgeo-service ((?:[a-z]+(?:-[a-z]+)* ?)+)", page.read_text(encoding="utf-8"))
    starts = {verb.split()[0] for verb in there}
    typed = [" ".join(words.split()) for words in named if words.split()[0] in starts]
    assert {
        words for words in typed if not any(f"{words} ".startswith(f"{verb} ") for verb in there)
    } == set()


def test_every_map_layer_is_explained_and_comes_in_the_tile() -> None:
    folder = VIEWER / "static" / "js" / "map" / "layers"
    index = (folder / "index.js").read_text(encoding="utf-8")
    files = dict(re.findall(r'import \{ (\w+) \} from "\./(\w+\.js)"', index))
    legend = re.findall(r"^  (\w+),$", index.partition("LEGEND = [")[2], re.MULTILINE)
    drawn = []
    for name in legend:
        script = (folder / files[name]).read_text(encoding="utf-8")
        drawn.append(
            re.findall(r'^  id: "(\w+)",\n  source: "(\w+)",$.*?\bon: (true|false)', script, re.M | re.S)[0]
        )
    explained = [[row[0].strip("`"), row[2], row[3]] for row in cells(LAYERS_PAGE, "| Id in the address |")]
    assert explained == [[one, source, "yes" if on == "true" else "no"] for one, source, on in drawn]
    tile = sql.source("geo_service.ogc", "tile")
    assert {source for _, source, _ in drawn} <= set(re.findall(r"ST_AsMVT\(t, '(\w+)'", tile))


def served() -> set[str]:
    """Every route, as the README names it: without the prefix that all of ours share."""
    config = settings.load(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    return {path.removeprefix("/api/v1") for path in create_app(config).openapi()["paths"]}


def test_every_route_is_said_to_work_and_what_is_missing_is_missing() -> None:
    rows = cells(README, "| Part | Works | Not yet |")
    works = {name for row in rows for name in re.findall(r"`(/[^`]+)`", row[1])}
    missing = {name for row in rows for name in re.findall(r"`(/[^`]+)`", row[2])}
    assert works == served()
    assert {path for path in served() if any(path.startswith(name) for name in missing)} == set()


def test_rules_that_are_said_to_be_missing_are_missing() -> None:
    rows = cells(README, "| Part | Works | Not yet |")
    missing = {word for row in rows for word in re.findall(r"`(\w+)`", row[2])}
    assert rows and not missing & {rule.id for rule in RULES}


def test_pictures_are_small_enough_to_look_at_over_a_phone() -> None:
    assert {
        page.name for page in (PROJECT / "docs" / "img").iterdir() if page.stat().st_size >= 300_000
    } == set()


def test_the_page_on_files_lists_all_words_of_ours() -> None:
    page = (PROJECT / "docs" / "how-to" / "import-files.md").read_text(encoding="utf-8")
    words = page.partition("## Our words")[2].partition("\n## ")[0]
    for some in (RepairCategory, Urgency, WorksKind, Certainty, PavementKind):
        assert [word for word in get_args(some) if f"`{word}`" not in words] == []


def test_each_test_that_the_log_of_tried_files_names_is_there() -> None:
    page = (PROJECT / "docs" / "files-tried.md").read_text(encoding="utf-8")
    there = {path.stem for path in (PROJECT / "tests").rglob("test_*.py")}
    assert set(re.findall(r"`(test_\w+)`", page)) - there == set()


def test_each_row_of_the_security_page_names_a_test_that_is_there_or_why_there_is_none() -> None:
    page = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = _table(page, "## What is met") + _table(page, "## Bad input")
    there = {path.stem for path in (PROJECT / "tests").rglob("test_*.py")}
    without = [row[0] for row in rows if not re.search(r"test_\w+|tests/\w+", row[2])]
    assert without == []
    names = {name for row in rows for name in re.findall(r"\b(test_\w+)", row[2])}
    assert names - there == set()


def test_the_security_page_says_the_numbers_of_the_settings() -> None:
    page = (PROJECT / "docs" / "security.md").read_text(encoding="utf-8")
    of = settings.load()
    assert (
        f"| {of.session_idle_minutes / 60:g} hours without a request, {of.session_hours:g} hours at most"
        in page
    )
    assert (
        f"| {of.rate_per_minute:,} requests a minute of a person or key, {of.rate_per_address:,} of an address"
        in page
    )
    tries = f"{of.sign_in_tries} wrong passwords per login and {of.sign_in_tries_per_address} per address"
    assert f"| {tries} within {of.sign_in_window_minutes:g} minutes" in page
    assert f"{LEAST_PASSWORD} to {MOST_PASSWORD} characters" in page


def _table(page: str, heading: str) -> list[list[str]]:
    """The cells of the rows of the table below a heading, without its head."""
    section = page.partition(f"{heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]
