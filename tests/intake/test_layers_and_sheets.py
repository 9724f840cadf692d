"""What lies beside what is read is counted and named; the folders of a drawing on a globe are one list."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from geo_service.domain.errors import InvalidInput
from tests.intake import papers
from tests.intake.reading import came, simple

MARK = "<Placemark><name>{}</name><TimeSpan><begin>2027-03-01</begin><end>2027-03-10</end></TimeSpan><Point><coordinates>3.2177,50.9207</coordinates></Point></Placemark>"
NAMED = simple().replace('["nr"]', '["Name", "name"]').replace('["van"]', '["begin"]').replace('["tot"]', '["end"]').replace('["straat"]', '["folder"]')  # fmt: skip


def kml(path: Path, folders: dict[str, list[str]], name: str = "werken.kml") -> Path:
    inside = "".join(
        f"<Folder><name>{folder}</name>{''.join(map(MARK.format, marks))}</Folder>"
        for folder, marks in folders.items()
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'
    if name.endswith(".kmz"):
        with zipfile.ZipFile(path / name, "w") as archive:
            archive.writestr("doc.kml", text)
    else:
        (path / name).write_text(text, encoding="utf-8")
    return path / name


@pytest.mark.parametrize("name", ["werken.kml", "werken.kmz"])
def test_all_folders_of_a_kml_are_one_list(tmp_path: Path, name: str) -> None:
    file = kml(tmp_path, {"Fluvius": ["a", "b"], "Andere": ["c"], "Leeg": [], "Wegen": ["d"]}, name)
    found = came(file, NAMED)
    assert [(one.source_id, one.title) for one in found.works] == [
        ("a", "Fluvius"),
        ("b", "Fluvius"),
        ("c", "Andere"),
        ("d", "Wegen"),
    ]
    assert (found.days, found.remarks.left_behind) == ([("2027-03-01", "2027-03-11")] * 4, {})


def test_a_folder_that_the_mapping_chooses_leaves_the_others_counted(tmp_path: Path) -> None:
    file = kml(tmp_path, {"Fluvius": ["a", "b"], "Andere": ["c"]})
    found = came(file, NAMED.replace("[constants]", 'layer = "Andere"\n[constants]'))
    assert [one.source_id for one in found.works] == ["c"]
    assert found.remarks.left_behind == {"Fluvius": 2}


def test_a_second_layer_of_a_geopackage_is_counted(tmp_path: Path) -> None:
    file = papers.geopackage(tmp_path)
    papers.frame(rows=papers.ROWS[:2]).to_file(file, layer="hinder", driver="GPKG")
    with pytest.raises(InvalidInput, match="werken, hinder"):
        came(file, papers.MAPPING)
    found = came(file, papers.MAPPING.replace("status_default", 'layer = "werken"\nstatus_default'))
    assert (len(found.works), found.remarks.left_behind) == (3, {"hinder": 2})


def test_another_file_of_an_archive_and_another_sheet_are_named(tmp_path: Path) -> None:
    packed = tmp_path / "levering.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(papers.geopackage(tmp_path), "works.gpkg")
        archive.write(papers.kml(tmp_path), "works.kml")
    assert came(packed, papers.MAPPING).remarks.left_behind == {"works.kml": None}
    book = openpyxl.load_workbook(papers.workbook(tmp_path, papers.table()))
    book.create_sheet("Oud").append(["Nr"])
    book.save(tmp_path / "two.xlsx")
    told = papers.MAPPING.replace(
        "status_default", 'crs = 31370\nsheet = "Sheet"\nplace = { x = "X", y = "Y" }\nstatus_default'
    )
    found = came(tmp_path / "two.xlsx", told)
    assert (len(found.works), found.remarks.left_behind) == (3, {"Oud": None})


def test_each_file_of_an_archive_that_may_hold_rows_is_named(tmp_path: Path) -> None:
    packed = tmp_path / "levering.zip"
    others = ("oud.xls", "meer.zip", "kaart.kmz", "lees.txt", "b.jsonl", "plan.dwg", "foto.JPG", "uitleg.pdf")
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(papers.geopackage(tmp_path), "works.gpkg")
        for name in others:
            archive.writestr(name, "x")
    assert list(came(packed, papers.MAPPING).remarks.left_behind) == sorted(others[:-2])


def test_a_table_called_txt_in_an_archive_is_read(tmp_path: Path) -> None:
    told = papers.MAPPING.replace(
        "status_default", 'crs = 31370\nplace = { x = "X", y = "Y" }\nstatus_default'
    )
    with zipfile.ZipFile(tmp_path / "levering.zip", "w") as archive:
        archive.write(papers.csv_file(tmp_path, papers.table()), "works.txt")
    assert len(came(tmp_path / "levering.zip", told).works) == 3


def test_columns_that_nobody_reads_are_listed(tmp_path: Path) -> None:
    rows = [{**row, "Lengte (m)": "12,5", "Opmerking": "x"} for row in papers.table()]
    told = papers.MAPPING.replace("status_default", 'crs = 31370\nplace = { x = "X", y = "Y" }\nkeep = ["Opmerking"]\nstatus_default')  # fmt: skip
    assert came(papers.csv_file(tmp_path, rows), told).remarks.unused_columns == ["Lengte (m)"]


def test_the_folders_of_the_finding_are_read(shared: Path) -> None:
    folder = shared / "findings" / "2026-11" / "files" / "desk-03-kml-folders-gpkg-layers"
    file, text = folder / "Google Earth werken.kml", (folder / "ana-kml.toml").read_text(encoding="utf-8")
    assert came(file, text).remarks.left_behind == {"Andere": 2}
    found = came(file, text.replace('layer = "Fluvius"\n', ""))
    assert len(found.works) + len(found.rejections) == 4
