"""A mapping that asks for columns which the file does not have is refused before any row, with the columns that are there."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from geo_service import settings
from geo_service.cli import app
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator
from geo_service.intake.base_maps.map_file import BaseMapFile
from geo_service.intake.mapping.definition import parse_mapping
from geo_service.intake.pipeline.check import check_source
from geo_service.intake.sources.mapped import Mapped
from tests.intake import papers

DUTCH = Translator("nl", date(2026, 11, 23))
AT_X_Y = papers.MAPPING.replace("status_default", 'crs = 31370\nplace = { x = "X", y = "Y" }\nstatus_default')


def renamed(**names: str) -> list[dict[str, Any]]:
    """The rows of a table, some of its columns under another name."""
    return [{names.get(name, name): value for name, value in row.items()} for row in papers.table()]


def read(file: Path, mapping: str = AT_X_Y) -> Any:
    region = settings.load().region_bbox
    return check_source(Mapped(parse_mapping(mapping, "papers.toml"), str(file), region=region))


def refusal(file: Path, mapping: str = AT_X_Y) -> Any:
    with pytest.raises(InvalidInput) as refused:
        read(file, mapping)
    [error] = refused.value.errors
    return error


@pytest.mark.parametrize("write", [papers.csv_file, papers.workbook], ids=["csv", "xlsx"])
def test_columns_that_are_not_there_are_named_before_any_row_is_read(tmp_path: Path, write: Any) -> None:
    error = refusal(write(tmp_path, renamed(Nr="Volgnummer", Eigenaar="Eigenaars")))
    assert (error.field, error.code) == ("mapping", "columns_lacking")
    assert error.params["columns"] == ["Nr", "Eigenaar"]
    assert error.params["known"] == ["Volgnummer", "Eigenaars", "Van", "Tot", "Soort", "X", "Y"]
    assert DUTCH.rejection(error.code, error.message, error.params) == (
        f"{write(tmp_path, papers.table()).name} heeft geen kolom Nr, Eigenaar, die de mapping nodig heeft. "
        "Het bestand heeft: Volgnummer, Eigenaars, Van, Tot, Soort, X, Y. Misschien: Nr → Volgnummer, Eigenaar → Eigenaars"
    )


def test_nothing_is_guessed_where_nothing_is_alike(tmp_path: Path) -> None:
    error = refusal(papers.csv_file(tmp_path, renamed(Nr="Qqq")))
    assert DUTCH.rejection(error.code, error.message, error.params).endswith("X, Y")
    assert "Perhaps" not in error.message


@pytest.mark.parametrize(
    "lacking", ["Nr", "Eigenaar", "Van", "Tot", "X", "Soort"], ids=lambda name: f"without {name}"
)
def test_every_column_without_which_no_row_can_come_in_is_asked_for(tmp_path: Path, lacking: str) -> None:
    rows = [{name: value for name, value in row.items() if name != lacking} for row in papers.table()]
    assert refusal(papers.csv_file(tmp_path, rows)).params["columns"] == [lacking]


def test_one_of_several_names_is_enough(tmp_path: Path) -> None:
    mapping = AT_X_Y.replace('["Nr"]', '["Nummer", "Nr"]')
    report = read(papers.csv_file(tmp_path, papers.table()), mapping)
    assert (report.created, report.missing_columns) == (3, [])


def test_a_column_that_rows_can_do_without_is_said_once(tmp_path: Path) -> None:
    mapping = AT_X_Y.replace("[type]", 'title = { from = ["Titel"] }\n[type]')
    file = papers.csv_file(tmp_path, papers.table())
    report = read(file, mapping)
    assert (report.created, report.missing_columns) == (3, ["Titel"])
    told = tmp_path / "told.toml"
    told.write_text(mapping, encoding="utf-8")
    asked = ["import", "works", str(file), "--mapping", str(told), "--only-read"]
    shown = CliRunner().invoke(app, asked, env={"LANG": "nl_BE", "COLUMNS": "200"})
    assert shown.stderr.strip() == "Het bestand heeft geen kolom Titel: dat blijft leeg."
    assert json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)["missing_columns"] == ["Titel"]


def test_what_has_no_columns_at_its_head_is_judged_by_its_first_records(tmp_path: Path) -> None:
    features = [{"type": "Feature", "geometry": None, "properties": {"Nummer": n}} for n in range(3)]
    file = tmp_path / "works.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    error = refusal(file, papers.MAPPING)
    assert (error.code, error.params["known"]) == ("columns_lacking", ["Nummer"])


def test_a_property_that_only_some_records_have_is_there(tmp_path: Path) -> None:
    rows = [{**row, "Eigenaar": row["Eigenaar"]} for row in papers.ROWS]
    features = [
        {"type": "Feature", "geometry": None, "properties": {k: v for k, v in row.items() if n or k != "Nr"}}
        for n, row in enumerate(rows)
    ]
    file = tmp_path / "works.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    assert next(one.code for one in read(file, papers.MAPPING).rejections) == "id_missing"


def test_a_rule_that_leaves_out_what_is_not_of_its_words_needs_its_column(tmp_path: Path) -> None:
    rule = '[[skip]]\nfield = "Gemeente"\n{} = ["Izegem"]\ncode = "elsewhere"\nmessage = "elsewhere"\n'
    file = papers.csv_file(tmp_path, papers.table())
    assert refusal(file, AT_X_Y + rule.format("is_not")).params["columns"] == ["Gemeente"]
    assert read(file, AT_X_Y + rule.format("is")).missing_columns == ["Gemeente"]


def test_a_reference_map_is_judged_in_the_same_way(tmp_path: Path) -> None:
    file = tmp_path / "adressen.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["ID", "STRAAT", "NR", "X", "Y"], ["1", "Markt", "2", "68700", "179100"]])
    text = (
        'about = "t"\nsource = "adressen"\ntarget = "addresses"\ncrs = 31370\nplace = { x = "X", y = "Y" }\n[fields]\n'
        'id = { from = ["ID"] }\nstreet = { from = ["STRAATNM"] }\nhouse_number = { from = ["NR"] }\n'
    )
    source = BaseMapFile(parse_mapping(text, "t"), str(file), settings.load().region_bbox)
    with pytest.raises(InvalidInput) as refused:
        list(source.batches())
    assert refused.value.errors[0].params["columns"] == ["STRAATNM"]
