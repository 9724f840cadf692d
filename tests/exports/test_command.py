"""`geo-service export`: the same file as over HTTP, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.ops.processes import command
from tests.serving import TODAY, Service

LANGUAGE = {"nl": "nl_BE.UTF-8", "en": "en_GB.UTF-8"}


def run(service: Service, folder: Path, *words: str, language: str = "nl", code: int = 0) -> subprocess.CompletedProcess[str]:  # fmt: skip
    env = {
        **os.environ,
        "GEO_DATABASE_URL": service.engine.url.render_as_string(hide_password=False),
        "GEO_TODAY": TODAY.isoformat(),
        "LANG": LANGUAGE[language],
    }
    done = command(("export", *words), env, folder)
    assert done.returncode == code, done.stdout + done.stderr
    return done


def downloaded(service: Service, path: str, language: str = "nl") -> bytes:
    with service.as_("coordinator", **{"Accept-Language": language}) as client:
        return client.get(f"/api/v1/{path}").content


@pytest.mark.parametrize("format", ["geojson", "csv", "parquet"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_file_is_that_of_http(demo_server: Service, tmp_path: Path, format: str, language: str) -> None:
    run(demo_server, tmp_path, "works", "--format", format, "--out", "w.file", "--status", "planned", "--crs", "31370", language=language)  # fmt: skip
    expected = downloaded(demo_server, f"works.{format}?status=planned&crs=31370", language)
    assert (tmp_path / "w.file").read_bytes() == expected
    assert [path.name for path in tmp_path.iterdir()] == ["w.file"]


def test_it_narrows_as_a_file_of_http_does(demo_server: Service, tmp_path: Path) -> None:
    words = ("--q", "Gentsestrat 1", "--function", "residential")
    run(demo_server, tmp_path, "buildings", "--out", "b.csv", *words)
    expected = downloaded(demo_server, "buildings.csv?q=Gentsestrat%201&function=residential")
    assert (tmp_path / "b.csv").read_bytes() == expected
    run(demo_server, tmp_path, "repairs", "--out", "r.csv", "--held", "--street", "gentsestraat")
    assert (tmp_path / "r.csv").read_bytes() == downloaded(
        demo_server, "repairs.csv?held=true&street=Gentsestraat"
    )


def test_it_says_how_much_it_wrote(demo_server: Service, tmp_path: Path) -> None:
    told = json.loads(run(demo_server, tmp_path, "repairs", "--out", "r.xlsx", "--json").stdout)
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Herstellingen"]
    assert told["rows"] == sheet.max_row - 1 > 0
    assert told["bytes"] == (tmp_path / "r.xlsx").stat().st_size
    assert (told["collection"], told["file"]) == ("repairs", "r.xlsx")
    assert f"{told['rows']} rijen" in run(demo_server, tmp_path, "repairs", "--out", "r.xlsx").stdout


def test_a_pipe_gets_the_file_and_nothing_else(demo_server: Service, tmp_path: Path) -> None:
    done = run(
        demo_server, tmp_path, "buildings", "--format", "geojson", "--out", "-", "--function", "school"
    )
    assert len(json.loads(done.stdout)["features"]) > 0
    assert "rijen van buildings" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("trees", "--out", "x.csv"), "collection: kies uit: works,"),
        (("works", "--out", "x.doc"), "format: kies uit: geojson,"),
        (("works", "--out", "x.csv", "--severity", "high"), "severity: works heeft geen filter van die naam; wel: building, conflict, kind, owner, q, source, status, street"),
        (("works", "--out", "x.csv", "--status", "gepland"), "status: kies uit: indicative,"),
        (("works", "--out", "x.csv", "--owner", "Niemand"), "owner: "),
        (("conflicts", "--out", "x.csv", "--q", "gas"), "q: “gas” is geen nummer van een conflict"),
        (("works", "--out", "x.csv", "--bbox", "50.8,3.1,51.0,3.3"), "bbox: "),
        (("works", "--out", "x.csv", "--from", "2027-01-02", "--to", "2027-01-01"), "to: "),
        (("works", "--out", "x.csv", "--crs", "3857"), "crs: "),
        (("works", "--out", "nowhere/x.csv"), "out: nowhere/x.csv kan niet geschreven worden"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(demo_server: Service, tmp_path: Path, words: tuple[str, ...], said: str) -> None:  # fmt: skip
    done = run(demo_server, tmp_path, *words, code=2)
    assert done.stderr.startswith(f"geo-service: {said}")
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_fails_leaves_the_one_before(demo_server: Service, tmp_path: Path) -> None:
    (tmp_path / "x.dxf").write_text("of yesterday", encoding="utf-8")
    (tmp_path / "folder.csv").mkdir()
    run(demo_server, tmp_path, "works", "--out", "folder.csv", code=2)
    assert list((tmp_path / "folder.csv").iterdir()) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.csv", "x.dxf"]


def test_a_database_that_is_not_there_is_exit_code_3(tmp_path: Path) -> None:
    env = {**os.environ, "GEO_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "LANG": "nl_BE.UTF-8"}
    done = command(("export", "works", "--out", "x.csv"), env, tmp_path)
    assert done.returncode == 3
    assert list(tmp_path.iterdir()) == []


def test_a_chance_and_a_clash_are_told_apart(demo_server: Service, tmp_path: Path) -> None:
    counts = {
        flag: json.loads(run(demo_server, tmp_path, "conflicts", "--out", "c.csv", "--json", *flag).stdout)[
            "rows"
        ]
        for flag in ((), ("--opportunity",), ("--no-opportunity",))
    }
    assert counts[()] == counts[("--opportunity",)] + counts[("--no-opportunity",)]
    assert min(counts.values()) > 0
