"""CSV and XLSX: a clerk opens them by a double click, and nothing in them runs or is read as something else."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
import shapely
import sqlalchemy as sa

from geo_service.domain import geometry
from geo_service.exports import csv_table, workbook
from geo_service.exports.layout import Layout
from geo_service.i18n import Translator
from geo_service.store.collections import COLLECTIONS
from tests.serving import TODAY, Service

FIELDS = {
    "title": sa.Text(), "certainty": sa.Text(), "starts_on": sa.Date(), "updated_at": sa.DateTime(), "opens_surface": sa.Boolean(),
    "area_m2": sa.Double(), "utilities": sa.ARRAY(sa.Text),
}  # fmt: skip
QUARTER = {"bbox": "3.209,50.914,3.221,50.922"}
"""A part of the demo city with some of everything."""
GROUND = shapely.box(3.2, 50.9, 3.2002, 50.9001)


def row(title: str) -> dict[str, Any]:
    return {
        "title": title,
        "certainty": "in_progress",
        "starts_on": date(2027, 1, 12),
        "updated_at": datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
        "opens_surface": True,
        "area_m2": 12.5,
        "utilities": ["gas", "electricity"],
        "geometry": GROUND,
    }


def content(module: Any, language: Any, *titles: str) -> bytes:
    layout = Layout("works", FIELDS, 4326, Translator(language, TODAY), "Europe/Brussels")
    return b"".join(module.write((batch for batch in ([row(title)] for title in titles)), layout))


def csv_rows(text: bytes, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig")), delimiter=delimiter))


def test_a_dutch_table_has_semicolons_and_a_decimal_comma() -> None:
    """Excel here would read 12.5 as the twelfth of May."""
    text = content(csv_table, "nl", "Glasvezel in straße")
    assert text.startswith(b"\xef\xbb\xbf")
    [found] = csv_rows(text, ";")
    assert found["area_m2"] == "12,5"
    assert found["title"] == "Glasvezel in straße"
    assert found["starts_on"] == "2027-01-12"
    assert found["updated_at"] == "2026-07-01T22:30:00Z"
    assert found["opens_surface"] == "true"
    assert found["utilities"] == "gas, electricity"


def test_an_english_table_has_commas_and_a_decimal_point() -> None:
    [found] = csv_rows(content(csv_table, "en", "Fibre"), ",")
    assert found["area_m2"] == "12.5"


def test_a_table_says_where_in_degrees_and_with_the_whole_ground() -> None:
    [found] = csv_rows(content(csv_table, "en", "Fibre"), ",")
    assert shapely.from_wkt(found["wkt"]).equals_exact(GROUND, normalize=True, tolerance=1e-7)
    assert GROUND.contains(shapely.Point(float(found["lon"]), float(found["lat"])))


@pytest.mark.parametrize(
    "title", ["=1+1", "+32", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example";"klik")']
)
def test_no_cell_is_a_formula(title: str) -> None:
    [found] = csv_rows(content(csv_table, "nl", title), ";")
    assert found["title"] == f"'{title}"
    cell = sheet(content(workbook, "nl", title))["A2"]
    assert (cell.data_type, cell.value) == ("s", title)


def sheet(content: bytes, name: str = "Werken") -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))[name]


def test_a_workbook_has_days_as_days_and_codes_in_words() -> None:
    found = sheet(content(workbook, "nl", "Glasvezel"))
    values = {head.value: cell for head, cell in zip(found[1], found[2], strict=True)}
    assert values["Begint op"].value == datetime(2027, 1, 12)
    assert values["Begint op"].number_format == "yyyy-mm-dd"
    assert values["Bijgewerkt op"].value == datetime(2026, 7, 2, 0, 30), "the city's time, in summer"
    assert values["Zekerheid"].value == "In uitvoering"
    assert values["Oppervlakte (m²)"].value == 12.5
    assert values["Breekt open"].value is True


def test_the_head_of_a_workbook_stays_in_view_and_filters() -> None:
    found = sheet(content(workbook, "nl", "Glasvezel", "Riool"))
    assert found.freeze_panes == "B2"
    assert found.auto_filter.ref == "A1:I3"


def test_an_address_is_no_link() -> None:
    assert sheet(content(workbook, "nl", "http://x.example"))["A2"].hyperlink is None


def test_a_workbook_explains_its_columns() -> None:
    found = sheet(content(workbook, "nl", "Glasvezel"), "Uitleg")
    told = {line[1].value: (line[0].value, line[2].value) for line in found.iter_rows(min_row=2)}
    assert set(told) == {*FIELDS, "lon", "lat"}
    assert told["starts_on"] == ("Begint op", "Eerste dag")


def test_a_long_text_is_cut_where_excel_would_refuse_the_file() -> None:
    assert len(sheet(content(workbook, "nl", "x" * 40_000))["A2"].value) == 32_767


def test_an_empty_table_still_has_its_head() -> None:
    assert csv_rows(content(csv_table, "nl"), ";") == []
    assert b"title;certainty" in content(csv_table, "nl")
    assert sheet(content(workbook, "nl"))["A1"].value == "Titel"


@pytest.mark.parametrize("name", COLLECTIONS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_collection_of_the_demo_is_a_table_with_every_row(
    demo_server: Service, name: str, language: str
) -> None:
    with demo_server.as_("coordinator", **{"Accept-Language": language}) as client:
        features = client.get(f"/api/v1/{name}.geojson", params=QUARTER).json()["features"]
        text = client.get(f"/api/v1/{name}.csv", params=QUARTER)
        book = client.get(f"/api/v1/{name}.xlsx", params=QUARTER)
    assert features
    assert (text.status_code, book.status_code) == (200, 200)
    assert text.headers["content-disposition"] == f'attachment; filename="{name}.csv"'
    found = csv_rows(text.content, ";" if language == "nl" else ",")
    assert [one["id"] for one in found] == [one["id"] for one in features]
    [data, _explanation] = openpyxl.load_workbook(io.BytesIO(book.content), read_only=True).worksheets
    assert len(list(data.iter_rows())) == len(features) + 1


def test_lambert_ground_has_degrees_beside_it(demo_server: Service) -> None:
    with demo_server.as_("coordinator") as client:
        found = csv_rows(client.get("/api/v1/works.csv", params={"crs": 31370}).content, ";")
    first = found[0]
    ground: Any = shapely.from_wkt(first["wkt"])
    lon, lat = (float(first[name].replace(",", ".")) for name in ("lon", "lat"))
    place: Any = geometry.transform(shapely.Point(lon, lat), 4326, 31370)
    assert ground.distance(place) < 0.1
