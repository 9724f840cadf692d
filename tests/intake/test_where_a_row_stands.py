"""A row that is left out is named by the line or the row of the sheet in which a person finds it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from geo_service import settings
from geo_service.cli import app
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.pipeline.check import check_source
from geo_service.intake.sources.mapped import Mapped
from tests.intake import papers
from tests.intake.conftest import Import

MAPPING = papers.MAPPING.replace(
    "status_default", 'crs = 31370\nplace = { x = "X", y = "Y" }\nstatus_default'
)
GAP: dict[str, Any] = dict.fromkeys(papers.table()[0])


def rows(*wrong: int) -> list[dict[str, Any]]:
    """Three rows of a table, of which some end before they start."""
    return [
        {**row, "Tot": "2026-09-01"} if place in wrong else row for place, row in enumerate(papers.table())
    ]


def places(file: Path, mapping: str = MAPPING) -> list[tuple[int, int | None]]:
    read = parse_mapping(mapping, "papers.toml")
    report = check_source(Mapped(read, str(file), region=settings.load().region_bbox))
    return [(one.row, one.line) for one in report.rejections]


def test_a_sheet_is_counted_as_excel_does(tmp_path: Path) -> None:
    told = MAPPING.replace("status_default", "header_row = 2\nstatus_default")
    first, *others = rows(0, 2)
    assert places(papers.workbook(tmp_path, [first, GAP, *others], "Werken 2026"), told) == [(1, 3), (3, 6)]


def test_a_text_is_counted_as_an_editor_does(tmp_path: Path) -> None:
    first, second, third = rows(1, 2)
    file = papers.csv_file(tmp_path, [{**first, "Eigenaar": "Café\nDe Kroon"}, GAP, second, third])
    assert places(file) == [(2, 5), (3, 6)]


def test_the_second_of_two_rows_with_one_id_is_found_too(take_in: Import, tmp_path: Path) -> None:
    told = tmp_path / "papers.toml"
    told.write_text(MAPPING, encoding="utf-8")
    file = papers.workbook(tmp_path, [{**row, "Nr": "w1"} for row in rows()])
    report = take_in("works", file, mapping=str(told))
    assert [(one.row, one.code, one.line) for one in report.rejections] == [
        (2, "duplicate_id", 3),
        (3, "duplicate_id", 4),
    ]


def test_a_row_that_fails_only_when_it_is_built_keeps_its_line(take_in: Import, tmp_path: Path) -> None:
    told = tmp_path / "papers.toml"
    told.write_text(MAPPING, encoding="utf-8")
    report = take_in("works", papers.workbook(tmp_path, rows(1)), mapping=str(told))
    assert [(one.row, one.code, one.line) for one in report.rejections] == [(2, "ends_before_start", 3)]


def test_lines_of_json_are_counted_with_the_empty_ones(tmp_path: Path) -> None:
    file = tmp_path / "works.jsonl"
    file.write_text(
        "\n\n".join(json.dumps({"properties": row, "geometry": None}) for row in rows()), encoding="utf-8"
    )
    told = MAPPING.replace("status_default", 'form = "lines"\nstatus_default')
    assert places(file, told.replace('"Van"', '"Nr"')) == [(1, 1), (2, 3), (3, 5)]


def test_a_file_without_lines_has_none(tmp_path: Path) -> None:
    told = papers.MAPPING.replace('"Van"', '"Nr"')
    assert places(papers.geopackage(tmp_path), told) == [(1, None), (2, None), (3, None)]


@pytest.mark.parametrize(("lang", "place"), [("nl_BE", "rij 3: "), ("en_GB", "row 3: ")])
def test_the_command_says_it_in_its_table_and_in_its_message(tmp_path: Path, lang: str, place: str) -> None:
    told = tmp_path / "papers.toml"
    told.write_text(MAPPING, encoding="utf-8")
    file = papers.workbook(tmp_path, rows(1))
    asked = ["import", "works", str(file), "--mapping", str(told), "--only-read"]
    env = {"LANG": lang, "COLUMNS": "160"}
    [told_row] = json.loads(CliRunner().invoke(app, [*asked, "--json"], env=env).stdout)["rejections"]
    assert (told_row["row"], told_row.keys()) == (2, {"row", "id", "code", "field", "message"})
    assert told_row["message"].startswith(place)
    table = CliRunner().invoke(app, asked, env=env).stdout
    assert ("einde" if lang == "nl_BE" else "end") in table.split()
    assert [line.split()[0] for line in table.splitlines() if "ends_before_start" in line] == ["3"]


@pytest.mark.parametrize(
    "place", ['{ street = "X", house_number = "Y" }', '{ building = "X" }'], ids=["address", "building"]
)
def test_a_file_that_is_only_read_has_its_addresses_looked_up_by_nobody(tmp_path: Path, place: str) -> None:
    read = parse_mapping(
        papers.MAPPING.replace("status_default", f"place = {place}\nstatus_default"), "papers.toml"
    )
    report = check_source(
        Mapped(read, str(papers.csv_file(tmp_path, papers.table())), region=settings.load().region_bbox)
    )
    assert (report.rejected, report.created) == (0, len(papers.table()))
