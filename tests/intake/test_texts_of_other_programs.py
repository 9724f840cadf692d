"""Tables as other programs write them: encodings, line ends, quotes around lines, marks for "as above"."""

import datetime
import json
from pathlib import Path

import geopandas
import openpyxl
import pytest
from shapely import Point

from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats import dbf
from tests.intake.reading import Came, came, collection, feature, simple

HEAD = "nr;straat;van;tot;x;y"
PLACE = "68587,16;179100,5"
TABLE = simple("crs = 31370", tables='[place]\nx = "x"\ny = "y"')


def row(nr: str, street: str = "Gentsestraat") -> str:
    return f"{nr};{street};2027-03-01;2027-03-10;{PLACE}"


def table(path: Path, content: str | bytes, mapping: str = TABLE) -> Came:
    (path / "a.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return came(path / "a.csv", mapping)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_unicode_text_of_excel_is_read(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    text = f"{mark}{HEAD}\n{row('A1', 'Beëlstraat')}\n".replace(";", "\t")
    assert [one.title for one in table(tmp_path, text.encode(encoding)).works] == ["Beëlstraat"]


def test_json_in_utf_16_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_bytes(json.dumps(collection(feature())).encode("utf-16"))
    assert len(came(tmp_path / "a.geojson").works) == 1


def test_half_a_sign_of_utf_16_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="utf-16"):
        table(tmp_path, f"{HEAD}\n{row('A1')}\n".encode("utf-16")[:-1])


def test_line_ends_of_three_machines_in_one_table(tmp_path: Path) -> None:
    text = f"{HEAD}\r\n{row('A1')}\n{row('A2')}\r{row('A3')}\r\r\n{row('A4')};too;many\r\n"
    read = table(tmp_path, text)
    assert [one.source_id for one in read.works] == ["A1", "A2", "A3"]
    assert [(one.id, one.line) for one in read.rejections] == [("A4", 6)]


def test_lines_in_two_encodings_are_each_read_in_theirs(tmp_path: Path) -> None:
    lines = [HEAD.encode(), row("A1", "Beëlstraat").encode(), row("A2", "Beëlstraat").encode("cp1252"), b""]
    mapping = TABLE.replace("crs =", 'encoding = "cp1252"\ncrs =')
    assert {one.title for one in table(tmp_path, b"\n".join(lines), mapping).works} == {"Beëlstraat"}


@pytest.mark.parametrize("delimiter", [";", ","])
def test_lines_that_stand_in_quotes_as_a_whole(tmp_path: Path, delimiter: str) -> None:
    lines = [HEAD, row("A1", '""Café; De Kroon""'), row("A2")]
    wrapped = "".join(f'"{line}"\n' for line in lines)
    if delimiter == ",":
        wrapped = wrapped.replace(",", ".").replace(";", ",")
    assert [one.title for one in table(tmp_path, wrapped).works][-1] == "Gentsestraat"


@pytest.mark.parametrize("mark", ["idem", "Idem.", '""""', "''", "″"])
def test_a_mark_for_as_above_is_what_stands_above(tmp_path: Path, mark: str) -> None:
    read = table(tmp_path, f"{HEAD}\n{row('A1')}\n{row('A2', mark)}\n{row('A3', mark)}\n")
    assert [one.title for one in read.works] == ["Gentsestraat"] * 3


@pytest.mark.parametrize(
    ("end", "free"),
    [
        (datetime.datetime(2027, 3, 11), "2027-03-11"),
        (datetime.datetime(2027, 3, 1), "2027-03-02"),
        (datetime.date(2027, 3, 10), "2027-03-11"),
    ],
)
def test_midnight_in_a_workbook_is_a_moment_where_its_hour_is_shown(
    tmp_path: Path, end: datetime.date, free: str
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEAD.split(";"))
    sheet.append(["A1", "Gentsestraat", datetime.datetime(2027, 3, 1, 7), end, 68587.16, 179100.5])
    book.save(tmp_path / "a.xlsx")
    mapping = f'{TABLE}\n[dates]\nend = "instant"\n'
    if not isinstance(end, datetime.datetime):
        mapping = TABLE
    assert came(tmp_path / "a.xlsx", mapping).days == [("2027-03-01", free)]


def test_only_the_texts_of_a_shapefile_say_its_encoding(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"nr": ["A1", "A2"], "getal": [1, 2], "straat": ["Beëlstraat", "Kouter"]},
        geometry=[Point(68_587, 179_100)] * 2,
        crs=31370,
    )
    frame.to_file(tmp_path / "a.shp", encoding="cp1252")
    content = bytearray((tmp_path / "a.dbf").read_bytes())
    assert "Beëlstraat".encode("cp1252") in dbf.texts(bytes(content))
    at = content.index(b"N", 32)  # the type of the number: a binary one may hold any bytes
    content[at] = ord("I")
    first = int.from_bytes(content[8:10], "little")
    places = [place for place in range(first, len(content)) if content[place] in b"12"]
    for place in places:
        content[place - 1 : place + 1] = b"e\x82"
    assert b"e\x82" not in dbf.texts(bytes(content)).partition(b"straat")[2]


def test_a_row_that_is_rejected_for_its_status_does_not_count_as_planned(tmp_path: Path) -> None:
    mapping = TABLE.replace('status_default = "confirmed"', "").replace(
        'title = { from = ["straat"] }', 'title = { from = ["straat"] }\nstatus = { from = ["straat"] }'
    )
    mapping += '\n[status]\n"Vergund" = "confirmed"\n'
    read = table(tmp_path, f"{HEAD}\n{row('A1')}\n{row('A2', '')}\n", mapping)
    assert [one.message for one in read.rejections] == [
        "the status 'Gentsestraat' is not in the mapping",
        "there is no status",
    ]
    assert read.remarks.unknown_words == {}
