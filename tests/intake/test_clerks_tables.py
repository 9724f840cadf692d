"""Tables as people make them: what they see is what comes in, and what cannot be known is said, never taken as empty."""

import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.strict_workbook import NAMES
from geo_service.intake.mapping.coordinates import number_of
from tests.intake import papers
from tests.intake.reading import came, simple

HEAD = 'crs = 4326\nplace = { x = "lon", y = "lat" }'
XY = simple(HEAD)
ROW = {"nr": "A1", "straat": "Kerkstraat", "van": "2027-03-01", "tot": "2027-03-10", "lon": "3,2175", "lat": "50,9208"}  # fmt: skip


def rows(count: int = 2, **change: Any) -> list[dict[str, Any]]:
    return [{**ROW, "nr": f"A{place + 1}", **change} for place in range(count)]


def sheet(path: Path, change: Callable[[Any], None], count: int = 3) -> Path:
    return papers.workbook(path, rows(count), change=change)


@pytest.mark.parametrize(
    ("cell", "at", "refused"),
    [("=C2+9", "D2", {"A1"}), ('="Kerk"&"straat"', "B3", {"A2"}), ("=NOW()", "C4", {"A3"}), ("=1+2", "H2", set())],
)  # fmt: skip
def test_a_formula_without_a_result_is_no_empty_cell(
    tmp_path: Path, cell: str, at: str, refused: set[str]
) -> None:
    def change(one: Any) -> None:
        one["H1"] = "bedrag"
        one[at] = cell

    found = came(sheet(tmp_path, change), XY)
    assert found.refused == dict.fromkeys(refused, "formula_without_result")
    assert len(found.works) == 3 - len(refused)


def test_a_formula_with_its_result_is_its_result(tmp_path: Path) -> None:
    file = sheet(tmp_path, lambda one: one.__setitem__("B2", "=1"))
    with zipfile.ZipFile(file) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    inside[part] = (
        inside[part]
        .replace(b"<f>1</f><v />", b"<f>1</f><v>7</v>")
        .replace(b"<f>1</f><v></v>", b"<f>1</f><v>7</v>")
    )
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in inside.items():
            archive.writestr(name, content)
    assert [one.title for one in came(file, XY).works] == ["7", "Kerkstraat", "Kerkstraat"]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!"])
def test_a_broken_cell_only_matters_where_it_is_read(tmp_path: Path, error: str) -> None:
    def change(one: Any) -> None:
        one["H1"], one["H2"], one["D3"] = "bedrag", error, error

    assert came(sheet(tmp_path, change), XY).refused == {"A2": "cell_error"}


def test_a_cell_merged_downwards_says_the_same_of_each_row(tmp_path: Path) -> None:
    def change(one: Any) -> None:
        one["B2"] = "Melkmarkt"
        one.merge_cells("B2:B3")

    assert [one.title for one in came(sheet(tmp_path, change), XY).works] == ["Melkmarkt", "Melkmarkt", "Kerkstraat"]  # fmt: skip


def test_a_head_of_two_rows_gives_its_names_downwards(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    one = book.active
    assert one is not None
    one.append(["nr", "straat", "Periode", None, "Plaats", None])
    one.append([None, None, "van", "tot", "lon", "lat"])
    for row in rows():
        one.append(list(row.values()))
    for span in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
        one.merge_cells(span)
    book.save(tmp_path / "a.xlsx")
    found = came(tmp_path / "a.xlsx", simple(f"header_row = 2\n{HEAD}"))
    assert [one.source_id for one in found.works] == ["A1", "A2"]


@pytest.mark.parametrize("word", ["Totaal", "TOTAAL:", "Subtotaal", "Total", "Summe"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_total_below_the_table_is_named_as_one(tmp_path: Path, word: str, form: str) -> None:
    table = [*rows(), {**dict.fromkeys(ROW, ""), "nr": word, "straat": "2"}]
    file = papers.csv_file(tmp_path, table) if form == "csv" else papers.workbook(tmp_path, table)
    assert [one.code for one in came(file, XY).rejections] == ["total_row"]


def test_works_in_a_street_called_total_are_works(tmp_path: Path) -> None:
    assert len(came(papers.csv_file(tmp_path, rows(nr="Totaal")[:1]), XY).works) == 1


def strict(path: Path) -> Path:
    """As Excel saves *Strict Open XML*."""
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in inside.items():
            for hard, plain in NAMES:
                content = content.replace(plain, hard)
            archive.writestr(name, content)
    return path


def test_strict_open_xml_is_read(tmp_path: Path) -> None:
    assert len(came(strict(papers.workbook(tmp_path, rows())), XY).works) == 2


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;;"])
@pytest.mark.parametrize("head", ["", "Planning 2027;;;;;"])
def test_the_line_with_which_excel_is_told_the_delimiter_is_no_row(
    tmp_path: Path, line: str, mark: str, head: str
) -> None:
    text = papers.csv_file(tmp_path, rows()).read_text(encoding="utf-8")
    above = f"{line}\r\n{head}\r\n" if head else f"{line}\r\n"
    (tmp_path / "b.csv").write_text(f"{mark}{above}{text}", encoding="utf-8")
    found = came(tmp_path / "b.csv", simple(f"header_row = {2 if head else 1}\n{HEAD}"))
    assert ([one.source_id for one in found.works], found.rejections) == (["A1", "A2"], [])


def test_another_delimiter_that_the_line_names_counts(tmp_path: Path) -> None:
    text = papers.csv_file(tmp_path, rows(), delimiter="|").read_text(encoding="utf-8")
    (tmp_path / "b.csv").write_text(f"sep=|\n{text}", encoding="utf-8")
    assert len(came(tmp_path / "b.csv", XY).works) == 2


@pytest.mark.parametrize("last", ["", "\r"])
def test_lines_that_end_as_on_an_old_mac_are_read(tmp_path: Path, last: str) -> None:
    text = papers.csv_file(tmp_path, rows(3000)).read_text(encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(("\r".join(text.split()) + last).encode())
    found = came(tmp_path / "b.csv", XY)
    assert (len(found.works), found.rejections) == (3000, [])


def test_a_quote_too_many_takes_its_line_and_no_other(tmp_path: Path) -> None:
    text = papers.csv_file(tmp_path, rows(3)).read_text(encoding="utf-8")
    (tmp_path / "b.csv").write_text(text.replace("A2;Kerkstraat", 'A2;"2" buis'), encoding="utf-8")
    found = came(tmp_path / "b.csv", XY)
    assert [one.source_id for one in found.works] == ["A1", "A3"]
    assert [(one.code, one.line) for one in found.rejections] == [("line_not_read", 3)]


def test_a_quote_that_nobody_closes_refuses_the_file(tmp_path: Path) -> None:
    text = papers.csv_file(tmp_path, rows(3)).read_text(encoding="utf-8")
    (tmp_path / "b.csv").write_text(text.replace("A2;Kerkstraat", 'A2;"2 buis'), encoding="utf-8")
    with pytest.raises(SourceUnreachable) as refused:
        came(tmp_path / "b.csv", XY)
    assert refused.value.reason == "quotes_open"


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u200e", "\u00ad", "\u2060", "\ufeff", "\u00a0", "\u202f", "\u2009"]
)
def test_signs_that_nobody_sees_change_nothing(tmp_path: Path, sign: str) -> None:
    table = [{**one, "nr": f"{one['nr']}{sign}", "van": f"2027-03-01{sign}", "lon": f"{sign}3,2175"} for one in rows()]  # fmt: skip
    found = came(papers.csv_file(tmp_path, [*table, *rows()]), XY)
    assert [one.source_id for one in found.works] == ["A1", "A2", "A1", "A2"]
    assert found.days == [("2027-03-01", "2027-03-11")] * 4


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("asked", ["NFC", "NFD"])
@pytest.mark.parametrize("kind", ["csv", "xlsx", "gpkg", "geojson"])
def test_accents_of_columns_are_one_in_either_form(tmp_path: Path, form: str, asked: str, kind: str) -> None:
    names = {"van": "début d’été", "straat": "rué"}

    def spelt(name: str, how: Any) -> str:
        return unicodedata.normalize(how, names.get(name, name))

    table = [{spelt(name, form): value for name, value in row.items()} for row in rows()]
    text = XY if kind in ("csv", "xlsx") else simple()
    for name in names:
        text = text.replace(f'["{name}"]', f'["{spelt(name, asked)}"]'.replace("’", "'"))
    if kind in ("csv", "xlsx"):
        file = papers.csv_file(tmp_path, table) if kind == "csv" else papers.workbook(tmp_path, table)
    else:
        file = tmp_path / f"works.{kind}"
        papers.frame(4326, table).to_file(file, driver={"gpkg": "GPKG", "geojson": "GeoJSON"}[kind])
    found = came(file, text)
    assert [(one.source_id, one.title) for one in found.works] == [("A1", "Kerkstraat"), ("A2", "Kerkstraat")]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("68.587,16", 68587.16), ("68,587.16", 68587.16), ("68 587,16", 68587.16), ("68\u00a0587,16", 68587.16), ("68'587.16", 68587.16), ("68’587,16", 68587.16),
        ("68587,16", 68587.16), ("68587.16", 68587.16), ("3,2175", 3.2175), ("-3.5", -3.5), ("1.068.587", 1068587), ("1.068.587,5", 1068587.5), ("1,068,587.5", 1068587.5),
        ("7", 7), ("6.9e4", 69000), (".5", 0.5), ("1.2.3", None), ("12.34,5", None), ("1,2,3", None), ("x", None), ("", None), ("3,2175 E", None), ("1.068,587,5", None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it(text: str, number: float | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("page", ["ANSI 1252", "ansi_1252", "1252", "Windows-1252", "cp1252", "CP 1252", "ANSI", "ISO-8859-15", "8859_1", "88591", "UTF-8\r\n", "utf8", "65001", "OEM 850"])  # fmt: skip
def test_the_encoding_of_a_shapefile_is_known_however_it_is_called(tmp_path: Path, page: str) -> None:
    encoding = {"U": "utf-8", "u": "utf-8", "6": "utf-8", "O": "cp850"}.get(page[0], "cp1252")
    file = papers.shapefile(tmp_path, encoding)
    loose = tmp_path / "shape" / "werken.cpg"
    loose.write_bytes(page.encode())
    found = came(loose.with_suffix(".shp"), papers.MAPPING)
    assert (file.exists(), {one.owner for one in found.works}) == (True, {"Café De Kroon"})


@pytest.mark.parametrize("page", ["system", "Klingon", "ANSI 99999"])
def test_an_encoding_that_we_do_not_know_is_named(tmp_path: Path, page: str) -> None:
    papers.shapefile(tmp_path)
    loose = tmp_path / "shape" / "werken.cpg"
    loose.write_bytes(page.encode())
    with pytest.raises(Exception, match=f"says '{page}', an encoding that we do not know"):
        came(loose.with_suffix(".shp"), papers.MAPPING)


def test_two_columns_become_one_text(tmp_path: Path) -> None:
    text = XY.replace('title = { from = ["straat"] }', 'title = { from = ["straat", "deel", "soort"], join = ", " }')  # fmt: skip
    table = [{**rows()[0], "deel": "", "soort": "riool"}, {**rows()[1], "deel": "noord", "soort": "riool"}]
    assert [one.title for one in came(papers.csv_file(tmp_path, table), text).works] == [
        "Kerkstraat, riool",
        "Kerkstraat, noord, riool",
    ]


def test_a_point_counts_and_an_address_where_there_is_none(tmp_path: Path) -> None:
    text = simple('crs = 4326\nplace = { x = "lon", y = "lat", nowhere = [[0, 0]], address = "adres" }')
    table = [
        {**rows()[0], "adres": "Gentsestraat 5"}, {**rows()[0], "nr": "A2", "lon": "", "lat": "", "adres": "Gentsestraat 5"},
        {**rows()[0], "nr": "A3", "lon": "0", "lat": "0", "adres": "Gentsestraat 5"}, {**rows()[0], "nr": "A4", "lon": "", "lat": "", "adres": "zie plan"},
    ]  # fmt: skip
    found = came(papers.csv_file(tmp_path, table), text)
    areas = [one.phases[0].geometry.geom_type for one in found.works]
    assert (areas, found.refused) == (["Point", "Polygon", "Polygon"], {"A4": "address_invalid"})
