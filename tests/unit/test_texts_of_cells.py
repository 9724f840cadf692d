"""What stands in a cell or in the first bytes of a file is taken for what it is, in a time that grows with its length."""

import time

import pytest

from geo_service.domain.geometry import recognised_crs
from geo_service.intake.assistant.columns import Column, has_times
from geo_service.intake.formats.signature import is_json_of_gdal
from geo_service.intake.formats.table_rows import Ditto, numbered
from geo_service.intake.mapping import days
from geo_service.intake.mapping.coordinates import coordinate_of, coordinate_pair
from geo_service.intake.mapping.places import first_place

REGION = (2.5, 50.6, 6.0, 51.6)


@pytest.mark.parametrize("cell", ["?" * 20_000 + "x", "1" + " " * 20_000 + "x", "1234" + " " * 20_000 + "x", "a" + " " * 20_000 + "b"])  # fmt: skip
def test_an_endless_cell_is_no_coordinate_and_no_date_and_takes_no_time(cell: str) -> None:
    began = time.process_time()
    assert (coordinate_of(cell), coordinate_pair(cell), days.lacks_year(cell)) == (None, None, False)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("drawn", [{"type": "Point", "coordinates": []}, {"type": "Point", "coordinates": [None, 1]}])  # fmt: skip
def test_a_geometry_without_a_place_has_no_crs(drawn: dict[str, object]) -> None:
    assert recognised_crs(*first_place(drawn), REGION) is None


def test_columns_of_one_name_get_numbers_that_no_other_column_has() -> None:
    names = numbered(["Opmerking", "Opmerking", "Opmerking (1)"])
    assert names == ["Opmerking (2)", "Opmerking (3)", "Opmerking (1)"]


def test_a_country_is_no_ditto() -> None:
    table = Ditto()
    assert [table.filled([cell]) for cell in ("NL", "ID", "idem")] == [["NL"], ["ID"], ["ID"]]


@pytest.mark.parametrize("cell", ["3/20/2027 12:00 am", "3/20/2027 12:00 AM", "3/20/2027 12:00 a.m.", "20/3/2027 0:00"])  # fmt: skip
def test_midnight_is_a_day_in_any_notation(cell: str) -> None:
    assert not has_times(Column("tot", (cell,)))


def test_noon_is_a_moment() -> None:
    assert has_times(Column("tot", ("3/20/2027 12:00 p.m.",)))


@pytest.mark.parametrize(
    ("start", "is_of_gdal"),
    [
        (b'{"type":"FeatureCollection","conformsTo":["http://www.opengis.net/spec/json-fg-1/0.3/conf/core"],"features":[', True),
        (b'{"type":"FeatureCollection","links":[{"title":"This document as JSON-FG"}],"features":[', False),
        (b'{"type":"FeatureCollection","features":[{"properties":{"note":"read as json-fg","coordRefSys":1}}]', False),
        (b'{"type":"Topology","objects":{}', True),
        (b'{"type":"FeatureCollection","features":[{"properties":{"type":"Topology"}}]', False),
    ],
)  # fmt: skip
def test_a_format_of_json_is_known_by_the_members_of_the_document(start: bytes, is_of_gdal: bool) -> None:
    assert is_json_of_gdal(start) == is_of_gdal
