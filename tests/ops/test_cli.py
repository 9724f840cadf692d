"""The command line, as an operator types it: real processes against a real database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops.processes import command
from tests.serving import box, point

DAY = "2026-11-23"
PROJECT = Path(__file__).parents[2]


class Shell:
    """Runs `geo-service` against one database."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.env = {**os.environ, "GEO_DATABASE_URL": database_url, "GEO_TODAY": DAY, "LANG": "nl_BE.UTF-8"}

    def run(self, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """One command; its exit code is part of what it says."""
        done = command(words, self.env, self.folder)
        assert done.returncode == code, done.stdout + done.stderr
        return done


@pytest.fixture
def shell(fresh_database: str, tmp_path: Path) -> Iterator[Shell]:
    """A command line on a database of its own."""
    yield Shell(fresh_database, tmp_path)


def test_what_is_wrong_is_one_line_on_stderr_with_exit_code_2(shell: Shell) -> None:
    done = shell.run("check", "--at", "here", code=2)
    assert done.stdout == ""
    assert done.stderr.strip() == "geo-service: at: moet lengte,breedte zijn, in graden"


def test_a_day_that_has_passed_is_not_asked_about(shell: Shell) -> None:
    done = shell.run("check", "--at", "3.2175,50.9207", "--on", "2026-11-22", code=2)
    assert done.stderr.strip() == "geo-service: on: die dag is voorbij: het is vandaag 2026-11-23"


@pytest.mark.parametrize(
    ("option", "word", "said"),
    [
        ("--on", "9999-12-31", "on: moet voor 2200-01-01 liggen"),
        ("--urgency", "dringend", "urgency: kies uit: low, normal, high, danger"),
        ("--scope", "area", "scope: kies uit: spot, section"),
    ],
)
def test_what_cannot_be_asked_is_named(shell: Shell, option: str, word: str, said: str) -> None:
    done = shell.run("check", "--at", "3.2175,50.9207", option, word, code=2)
    assert done.stderr.strip() == f"geo-service: {said}"


def test_check_says_that_it_knows_no_footpath_there(shell: Shell) -> None:
    said = shell.run("check", "--at", "4.35,50.85").stdout.splitlines()
    assert said[0].startswith("Hier ligt geen gekend voetpad")
    assert " ".join(said).count("breekt hier niemand open") == 1


def test_a_home_that_cannot_be_made_is_one_line_with_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    home = Shell("", tmp_path)
    del home.env["GEO_DATABASE_URL"]
    home.env["GEO_HOME"] = str(tmp_path / "file" / "home")
    (line,) = home.run("db", "up", code=3).stderr.strip().splitlines()
    assert line.startswith(f"geo-service: de map {tmp_path / 'file' / 'home'} kan niet gemaakt worden")


def test_tables_show_ids_and_rules_whole_on_a_narrow_terminal(shell: Shell) -> None:
    shell.env["COLUMNS"] = "80"
    shell.run("keys", "create", "workshop", "--name", "werkplaats")
    (row,) = json.loads(shell.run("keys", "list", "--json").stdout)
    assert row["id"] in shell.run("keys", "list").stdout
    listed = shell.run("rules", "list").stdout
    assert "occupancy_during_repair" in listed
    assert "…" not in listed


def test_an_import_that_leaves_rows_out_says_which_and_why_below_the_counts(shell: Shell) -> None:
    feature = {"type": "Feature", "geometry": None, "properties": {"Description": "no number"}}
    file = shell.folder / "gipod.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    done = shell.run("import", "gipod", str(file), "--dry-run", code=1)
    assert "op proef: niets bewaard" in done.stdout
    assert "1 van 1 weggelaten rijen getoond" in done.stdout
    assert "id_missing" in done.stdout
    assert "er staat geen id" in done.stdout
    assert "None" not in done.stdout
    assert done.stderr.strip() == ""


def test_a_file_that_is_not_there_is_one_line(shell: Shell) -> None:
    done = shell.run("import", "works", "nope.csv", "--mapping", "osiris", code=3)
    [line] = done.stderr.strip().splitlines()
    assert "nope.csv" in line


def test_a_database_that_is_not_there_is_exit_code_3(shell: Shell) -> None:
    shell.env["GEO_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    done = shell.run("db", "status", code=3)
    assert len(done.stderr.strip().splitlines()) == 1
    assert "de databank antwoordt niet" in done.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"GEO_LANGUAGE": "en"}, "nobody opens this ground"),
        ({"LANG": "en_GB.UTF-8"}, "nobody opens this ground"),
        ({"LANG": "en_GB.UTF-8", "GEO_LANGUAGE": "nl"}, "breekt hier niemand open"),
        ({"LC_ALL": "nl_BE.UTF-8", "LANG": "en_GB.UTF-8"}, "breekt hier niemand open"),
        ({"LANG": "C.UTF-8"}, "breekt hier niemand open"),
    ],
    ids=str,
)
def test_the_language_that_was_set_counts_before_that_of_the_terminal(
    shell: Shell, variables: dict[str, str], said: str
) -> None:
    shell.env |= variables
    assert said in " ".join(shell.run("check", "--at", "4.35,50.85").stdout.split())


def test_every_command_keeps_to_that_language(shell: Shell) -> None:
    shell.env["GEO_LANGUAGE"] = "en"
    assert "differences" in shell.run("detect").stdout
    assert "newest" in shell.run("db", "status").stdout
    assert "at risk" in shell.run("rules", "preview", "wasted_repair", "--clearance-m", "3").stdout
    assert "there is no source gisop" in shell.run("import", "gisop", code=2).stderr
    del shell.env["GEO_LANGUAGE"]
    assert "afwijkingen" in shell.run("detect").stdout
    assert (
        "nope.csv is er niet"
        in shell.run("import", "works", "nope.csv", "--mapping", "osiris", code=3).stderr
    )


def test_check_says_what_the_api_says_and_exits_1_when_works_are_in_the_way(shell: Shell) -> None:
    lon, lat = point(20, 1)["coordinates"]
    free = json.loads(shell.run("check", "--at", f"{lon},{lat}", "--json").stdout)
    assert (free["verdict"], free["title"]) == ("repair", "Herstel nu")

    feature = {
        "type": "Feature",
        "id": "INNAME.12350257-2612222300",
        "geometry": {"type": "MultiPolygon", "coordinates": [box(0, 0.5, 40, 1.5)["coordinates"]]},
        "properties": {
            "GipodId": 12350257,
            "Type": "Grondwerk",
            "Description": "8870 - Izegem - Plaatsen leidingen - 40m",
            "Status": "Concreet gepland",
            "Start": "2026-12-22T23:00:00Z",
            "End": "2027-01-05T23:00:00Z",
            "Owner": "Proximus Area 2.1",
            "PublicDomainOccupancyTypes": "Telecom",
        },
    }
    file = shell.folder / "gipod.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    report = json.loads(shell.run("import", "gipod", str(file), "--json").stdout)
    assert (report["read"], report["created"], report["rejected"]) == (1, 1, 0)

    blocked = shell.run("check", "--at", f"{lon},{lat}", "--json", code=1)
    assert json.loads(blocked.stdout)["verdict"] == "wait"
    words = shell.run("check", "--at", f"{lon},{lat}", code=1).stdout
    assert "Wacht tot" in words
    assert "Proximus Area 2.1" in words


def test_a_key_is_shown_once_and_ends_when_revoked(shell: Shell) -> None:
    key = shell.run("keys", "create", "workshop", "--name", "werkplaats").stdout.strip()
    assert key.startswith("gs_")

    (row,) = json.loads(shell.run("keys", "list", "--json").stdout)
    assert (row["name"], row["role"], row["revoked_at"]) == ("werkplaats", "workshop", None)
    assert key not in json.dumps(row)

    shell.run("keys", "revoke", row["id"])
    (row,) = json.loads(shell.run("keys", "list", "--json").stdout)
    assert row["revoked_at"] is not None
    shell.run("keys", "revoke", row["id"], code=2)
    shell.run("keys", "revoke", "not-an-id", code=2)


def test_settings_mask_secrets_and_say_where_values_come_from(shell: Shell) -> None:
    rows = {row["variable"]: row for row in json.loads(shell.run("settings", "--json").stdout)}
    assert rows["GEO_TODAY"]["value"] == DAY
    assert rows["GEO_TODAY"]["origin"] == "environment"
    assert "postgresql://" not in rows["GEO_DATABASE_URL"]["value"]
    assert rows["GEO_CITY_NIS"]["origin"] == "default"


def test_rules_and_full_detection_answer_machines(shell: Shell) -> None:
    rules = {row["id"]: row for row in json.loads(shell.run("rules", "list", "--json").stdout)}
    assert rules["wasted_repair"]["blocking"] is True
    assert json.loads(shell.run("detect", "--full", "--json").stdout) == {
        "opened": 0,
        "closed": 0,
        "alerts": 0,
        "differences": {"claims": 0, "conflicts": 0, "holds": 0},
        "first": {},
    }
    since = json.loads(shell.run("detect", "--since", f"{DAY}T00:00", "--json").stdout)
    assert since["differences"] == {"claims": 0, "conflicts": 0, "holds": 0}
    assert "--full" in shell.run("detect", "--full", "--since", DAY, code=2).stderr
    assert "moet nog komen" in shell.run("detect", "--since", "2999-01-01", code=2).stderr
    status = json.loads(shell.run("db", "status", "--json").stdout)
    assert status["schema"] == status["newest"]


def test_the_private_database_comes_up_tells_its_address_and_goes_down(tmp_path: Path) -> None:
    home = Shell("", tmp_path)
    del home.env["GEO_DATABASE_URL"]
    home.env["GEO_HOME"] = str(tmp_path / "home")
    try:
        url = json.loads(home.run("db", "up", "--json").stdout)["database_url"]
        assert url.startswith("postgresql://")
        assert "schema" in home.run("db", "status").stdout
    finally:
        home.run("db", "down")
    home.run("db", "status", code=3)


def test_a_file_is_taken_from_standard_input(shell: Shell, tmp_path: Path) -> None:
    rows = 'dossier;straat;omschrijving;start;einde;fase;geometrie\n1;Kerkstraat;Asfalt;2027-01-04;2027-01-09;Gegund;"SRID=31370;POLYGON ((68587 190100, 68597 190100, 68597 190102, 68587 190100))"\n'
    mapping = (PROJECT / "data/mappings/city-road-works.toml").read_text(encoding="utf-8")
    (tmp_path / "desk.toml").write_text(f'{mapping}\n[place]\nwkt = "geometrie"\n', encoding="utf-8")
    words = ["-m", "geo_service", "import", "works", "-", "--mapping", "desk.toml", "--json"]
    done = subprocess.run(
        [sys.executable, *words], input=rows, env=shell.env, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["created"] == 1
