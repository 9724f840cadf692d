"""Several tables on one sheet, words of Excel in cells, ids that it spoilt, and ids that are one in every format."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import openpyxl
import pytest
from shapely import Point

from geo_service.domain.errors import InvalidInput
from tests.intake.reading import Came, came, collection, feature, simple

POINT = "69060.10;179569.27"
XY = simple("crs = 31370\n", "", '[place]\nx = "x"\ny = "y"\n')
HEAD = "nr;straat;van;tot;x;y"
ROW = f"A;b;2027-03-01;2027-03-10;{POINT}"


def table(path: Path, *lines: str, sheet: bool) -> Came:
    """What comes of these lines, as CSV or as a sheet."""
    if not sheet:
        path = path / "t.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return came(path, XY)
    book = openpyxl.Workbook()
    for line in lines:
        assert book.active is not None
        book.active.append(line.split(";") if line else [])
    book.save(path / "t.xlsx")
    return came(path / "t.xlsx", XY)


@pytest.mark.parametrize("sheet", [False, True])
@pytest.mark.parametrize(
    ("head", "row", "refused"),
    [
        (HEAD, f"B;b;2027-04-01;2027-04-10;{POINT}", {}),
        ("Nr;Straat;Van;Tot;X;Y", f"B;b;2027-04-01;2027-04-10;{POINT}", {}),
        ("nr;straat;tot;van;x;y", f"B;b;2027-04-10;2027-04-01;{POINT}", {}),
        (f"{HEAD};opm", f"B;b;2027-04-01;2027-04-10;{POINT};later", {}),
        ("nr;straat;vergund op;gestart op;x;y", f"B;b;2026-01-15;2026-11-02;{POINT}", {None: "other_table"}),
    ],
)
def test_rows_below_another_head_never_come_in_under_the_first_one(
    tmp_path: Path, head: str, row: str, refused: dict[str | None, str], sheet: bool
) -> None:
    found = table(tmp_path, HEAD, ROW, "", head, row, sheet=sheet)
    assert found.days == [("2027-03-01", "2027-03-11"), *([] if refused else [("2027-04-01", "2027-04-11")])]
    assert found.refused == refused


def test_a_table_with_its_own_head_again_is_read_on_below_another_one(tmp_path: Path) -> None:
    other = ("nr;straat;vergund op;gestart op;x;y", f"B;b;2026-01-15;2026-11-02;{POINT}")
    found = table(tmp_path, HEAD, ROW, *other, HEAD, ROW.replace("A;", "C;"), sheet=False)
    assert ([one.source_id for one in found.works], found.remarks.without_id) == (["A", "C"], 1)


@pytest.mark.parametrize("sheet", [False, True])
@pytest.mark.parametrize(
    ("id_", "code"),
    [
        ("#VERW!", "cell_error"), ("#N/B", "cell_error"), ("#BEZUG!", "cell_error"), ("1,23457E+12", "id_rounded"), ("1.2E+11", "id_rounded"),
        ("NULL", "id_missing"), ("-", "id_missing"), ("n.v.t.", "id_missing"),
    ],
)  # fmt: skip
def test_an_id_that_excel_spoilt_is_no_id(tmp_path: Path, id_: str, code: str, sheet: bool) -> None:
    found = table(tmp_path, HEAD, ROW.replace("A;", f"{id_};"), ROW, sheet=sheet)
    assert ([one.source_id for one in found.works], [one.code for one in found.rejections]) == (["A"], [code])


@pytest.mark.parametrize("id_", ["1E10", "3E12", "2E05", "12E4"])
def test_a_code_with_an_e_is_an_id(tmp_path: Path, id_: str) -> None:
    assert [
        one.source_id for one in table(tmp_path, HEAD, ROW.replace("A;", f"{id_};"), sheet=False).works
    ] == [id_]


def test_a_text_that_excel_must_not_make_a_number_is_its_text(tmp_path: Path) -> None:
    assert [one.source_id for one in table(tmp_path, HEAD, ROW.replace("A;", '="0012";'), sheet=False).works] == ["0012"]  # fmt: skip


def test_an_id_is_one_in_every_format(tmp_path: Path) -> None:
    days = {"straat": "a", "van": "2027-03-01", "tot": "2027-03-10"}
    frame = geopandas.GeoDataFrame({"nr": [12.0, None], **days}, geometry=[Point(3.2176, 50.9208)] * 2, crs=4326)  # fmt: skip
    for name in ("a.gpkg", "a.geojson"):
        frame.to_file(tmp_path / name)
        assert [one.source_id for one in came(tmp_path / name, simple()).works] == ["12"]


@pytest.mark.parametrize("number", ["123456789012345678901234567890", "9223372036854775808", "1e400"])
def test_a_number_beyond_every_limit_costs_no_other_record(tmp_path: Path, number: str) -> None:
    text = json.dumps(collection(feature(nr="A"), feature(nr="7", opm=7), feature(nr="B")))
    (tmp_path / "a.geojson").write_text(text.replace(" 7,", f" {number},"), encoding="utf-8")
    ids = [one.source_id for one in came(tmp_path / "a.geojson", simple()).works]
    assert (ids[0], ids[-1], len(ids)) == ("A", "B", 3)


KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>A</name>{}<Point><coordinates>3.2176,50.9208</coordinates></Point></Placemark></Document></kml>'
SPAN = simple().replace('["van"]', '["begin", "timestamp"]').replace('["tot"]', '["end", "timestamp"]').replace('["nr"]', '["Name"]')  # fmt: skip


@pytest.mark.parametrize(
    ("stamp", "days"),
    [
        ("<TimeSpan><begin>2027-03</begin><end>2027-05</end></TimeSpan>", ("2027-03-01", "2027-06-01")),
        ("<TimeSpan><begin>2027</begin><end>2027</end></TimeSpan>", ("2027-01-01", "2028-01-01")),
        ("<TimeSpan><begin>2027-03-04</begin><end>2027-03-09</end></TimeSpan>", ("2027-03-04", "2027-03-10")),
        ("<TimeStamp><when>2027-02</when></TimeStamp>", ("2027-02-01", "2027-03-01")),
        ("<TimeStamp><when>2027-02-03</when></TimeStamp>", ("2027-02-03", "2027-02-04")),
    ],
)
def test_a_month_of_a_globe_lasts_to_its_last_day(tmp_path: Path, stamp: str, days: tuple[str, str]) -> None:
    (tmp_path / "a.kml").write_text(KML.format(stamp), encoding="utf-8")
    assert came(tmp_path / "a.kml", SPAN).days == [days]


@pytest.mark.parametrize("word", ["Somme", "Total général", "Gesamtsumme", "Totaal aantal:", "Aantal"])
def test_a_total_is_no_row_in_any_language(tmp_path: Path, word: str) -> None:
    found = table(tmp_path, HEAD, ROW, f"{word};2;;;;", sheet=False)
    assert [one.code for one in found.rejections] == ["total_row"]


def test_a_line_end_that_excel_escapes_is_a_space(tmp_path: Path) -> None:
    assert table(tmp_path, HEAD, ROW.replace(";b;", ";Kerk_x000D_straat;"), sheet=False).works[0].title == "Kerk straat"  # fmt: skip


def test_geojson_in_another_encoding_says_so(tmp_path: Path) -> None:
    text = json.dumps(collection(feature(straat="Café")), ensure_ascii=False)
    (tmp_path / "a.geojson").write_bytes(text.encode("cp1252"))
    with pytest.raises(InvalidInput, match="not UTF-8"):
        came(tmp_path / "a.geojson", simple())
