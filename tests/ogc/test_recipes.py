"""The recipes of docs/how-to/analyse.md, run as they stand on that page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from tests import duckdb_extension
from tests.serving import Service

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "analyse.md"
RECIPES = PAGE.read_text(encoding="utf-8").partition("\n## Recipes\n")[2]
BLOCKS = {
    title: re.findall(r"```(?:sh|python)\n(.*?)```", words, re.DOTALL)
    for title, words in re.findall(r"^\*\*([^*]+)\*\*(.*?)(?=^\*\*|\Z)", RECIPES, re.DOTALL | re.MULTILINE)
}
[GDAL], [GEOPANDAS], [DOWNLOAD, DUCKDB] = (BLOCKS[name] for name in ("GDAL", "GeoPandas", "DuckDB"))


def run(ogc: Service, folder: Path, *command: str) -> str:
    given = {"URL": ogc.url, "KEY": ogc.keys["viewer"], "HOME": str(folder)}
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.mark.skipif(shutil.which("ogr2ogr") is None, reason="gdal-bin is not installed")
def test_gdal_writes_the_works_of_one_owner(ogc: Service, scene: dict[str, Any], tmp_path: Path) -> None:
    run(ogc, tmp_path, "bash", "-ec", GDAL)
    _, rows = pyogrio.read_arrow(tmp_path / "proximus.gpkg")
    assert [row["title"] for row in rows.to_pylist()] == ["Glasvezel"]


def test_geopandas_adds_up_what_each_owner_opens(ogc: Service, scene: dict[str, Any], tmp_path: Path) -> None:
    told = run(ogc, tmp_path, sys.executable, "-c", GEOPANDAS)
    assert re.findall(r"(Fluvius|Proximus|Stad Izegem) +([\d.]+)", told) == [
        ("Fluvius", "40.0"),
        ("Proximus", "40.0"),
    ]


def test_duckdb_does_so_from_a_file(ogc: Service, scene: dict[str, Any], tmp_path: Path) -> None:
    duckdb_extension.put("spatial", tmp_path)
    run(ogc, tmp_path, "bash", "-ec", DOWNLOAD)
    told = run(ogc, tmp_path, sys.executable, "-c", DUCKDB)
    found = re.findall(r"(Fluvius|Proximus|Stad Izegem)\W+([\d.]+)", told)
    assert found == [
        ("Fluvius", "80.0"),
        ("Proximus", "40.0"),
    ]  # a row per phase: Fluvius has two on the same ground


def test_the_file_for_excel_is_as_the_query_reads_it(ogc: Service, scene: dict[str, Any]) -> None:
    [address, mark] = re.findall(r'"http://127.0.0.1:8000(/[^"]+)"\), \[Delimiter = "(.)"', RECIPES)[0]
    with ogc.as_("viewer") as client:
        head = client.get(address).content.decode("utf-8-sig").splitlines()[0]
    assert head.split(mark)[:2] == ["id", "phase_id"]


@pytest.mark.parametrize(
    ("title", "program", "said"),
    [
        ("curl", ("bash", "-ec"), r'"number":\s*"H-1000"'),
        ("pandas", (sys.executable, "-c"), r"wasted_repair +\w+ +1"),
        ("SQLite", (sys.executable, "-c"), "ends_on · Vrij vanaf"),
        ("OWSLib", (sys.executable, "-c"), r"H-1001 \d{4}-\d\d-\d\d \d{4}-\d\d-\d\d"),
        ("Our client", (sys.executable, "-c"), r"wait +2027-01-06"),
    ],
)
def test_a_recipe_says_what_is_there(
    ogc: Service, scene: dict[str, Any], tmp_path: Path, title: str, program: tuple[str, str], said: str
) -> None:
    if shutil.which(program[0]) is None or (title == "curl" and shutil.which("curl") is None):
        pytest.skip("curl is not installed")
    [recipe] = BLOCKS[title]
    assert re.search(said, run(ogc, tmp_path, *program, recipe))


def test_there_are_ten_recipes() -> None:
    assert len(BLOCKS) == 10
