"""What the assistant proposes where a table says its place or its days in another way."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import geopandas
import pytest
from shapely import Point

from geo_service.i18n import Translator
from geo_service.intake.assistant.dates import forms_of
from geo_service.intake.assistant.proposal import Proposal, propose
from geo_service.intake.mapping.column_words import column_fit
from geo_service.intake.mapping.coordinates import coordinate_of
from geo_service.intake.mapping.definition import Mapping, parse_mapping
from geo_service.settings import Settings
from tests.intake.reading import IZEGEM, collection, feature

HEAD = "Nr;Straat;Bouwheer;Van;Tot"
ROW = "Gentsestraat;Fluvius;2027-03-01;2027-03-10"
GROUND = geopandas.GeoSeries([Point(68_587.16, 179_100.5)], crs=31370)
LON, LAT = 3.2109786, 50.9165205


def proposed(file: Path) -> tuple[Mapping, Proposal]:
    proposal = propose(
        str(file), "works", Settings(region_bbox=IZEGEM), None, Translator("en", date(2026, 11, 30))
    )
    return parse_mapping(proposal.text, "test"), proposal


def table(folder: Path, columns: str, *values: str, encoding: str = "utf-8") -> tuple[Mapping, Proposal]:
    lines = [f"{HEAD};{columns}", *(f"A{nr};{ROW};{value}" for nr, value in enumerate(values, 1))]
    (folder / "works.csv").write_text("\n".join(lines), encoding=encoding)
    return proposed(folder / "works.csv")


def points(proposal: Proposal) -> list[tuple[float, float]]:
    places = [row.geometry["coordinates"] for row in proposal.rows if row.geometry]
    return [(round(lon, 4), round(lat, 4)) for lon, lat in places]


@pytest.mark.parametrize(
    ("columns", "value", "crs"),
    [
        ("X;Y", "68587.16 m;179100.5 m", 31370),
        ("X;Y", "179100.5;68587.16", 31370),
        ("Lat;Lon", f"{LON};{LAT}", 4326),
        ("Lat;Lon", f"N {LAT};E {LON}", 4326),
        ("Lat;Lon", f"{LAT}°;{LON}°", 4326),
        ("Lat;Lon", "50°54'59.474\"N;3°12'39.523\"O", 4326),
        ("_gps_latitude;_gps_longitude", f"{LAT};{LON}", 4326),
        ("WKT", "POINT (68587.16 179100.5)", 31370),
        ("Coördinaten", "68587,16 179100,5", 31370),
        ("Coördinaten", f"[{LON}, {LAT}]", 4326),
        ("GPS", f"{LAT} {LON} 0 0", None),
        ("geo_point_2d", f'"{{""lon"": {LON}, ""lat"": {LAT}}}"', 4326),
    ],
)
def test_a_place_is_found_however_it_is_written(
    tmp_path: Path, columns: str, value: str, crs: int | None
) -> None:
    mapping, proposal = table(tmp_path, columns, value)
    assert mapping.crs == crs
    assert points(proposal) == [(3.211, 50.9165)]


@pytest.mark.parametrize("crs", [3857, 25831, 2154, 3812])
def test_a_system_of_neighbours_and_web_maps_is_recognised(tmp_path: Path, crs: int) -> None:
    at = GROUND.to_crs(crs).iloc[0]
    mapping, proposal = table(tmp_path, "X;Y", f"{at.x};{at.y}")
    assert (mapping.crs, points(proposal)) == (crs, [(3.211, 50.9165)])


def test_geojson_in_metres_without_a_word_about_it(tmp_path: Path) -> None:
    ground = {"type": "Point", "coordinates": [68_587.16, 179_100.5]}
    (tmp_path / "works.geojson").write_text(json.dumps(collection(feature(ground))), encoding="utf-8")
    mapping, proposal = proposed(tmp_path / "works.geojson")
    assert (mapping.crs, points(proposal)) == (31370, [(3.211, 50.9165)])
    assert any("31370" in doubt for doubt in proposal.doubts)


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "mac-roman"])
def test_an_encoding_is_the_one_in_which_the_accents_make_sense(tmp_path: Path, encoding: str) -> None:
    mapping, _ = table(tmp_path, "X;Y;Café", f"{LON};{LAT};Beëlstraat, à côté", encoding=encoding)
    assert mapping.encoding == encoding


def test_a_column_of_days_with_other_words_among_them_is_still_that_column(tmp_path: Path) -> None:
    lines = [f"{HEAD};X;Y"] + [
        f"A{nr};Markt;Fluvius;{day};{LON};{LAT}"
        for nr, day in enumerate(("1/3/2027;10/3/2027", "13/3/2027;?", "14/3/2027;in overleg"))
    ]
    (tmp_path / "works.csv").write_text("\n".join(lines), encoding="utf-8")
    mapping, proposal = proposed(tmp_path / "works.csv")
    assert mapping.fields["ends_on"].from_ == ("Tot",)
    assert any("2 values" in doubt and "in overleg" in doubt for doubt in proposal.doubts)
    assert [row.refused is None for row in proposal.rows] == [True, False, False]


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (("3/1/2027 7:00 AM", "3/10/2027 5:00 PM"), "%m/%d/%Y"),
        (("t.e.m. 10/3/2027", "1/3/2027 8u"), "%d/%m/%Y"),
        (("01032027", "10032027"), "%d%m%Y"),
        (("20270301", "20270310"), "%Y%m%d"),
    ],
)
def test_a_form_is_seen_through_what_stands_around_it(values: tuple[str, ...], form: str) -> None:
    assert forms_of(values).forms == [form]


@pytest.mark.parametrize(
    ("name", "field"),
    [("Van (dd/mm/jjjj)", "starts_on"), ("Bouwheer (naam)", "owner"), ("Straat / plaats", "title"), ("Tot [datum]", "ends_on")],
)  # fmt: skip
def test_a_note_beside_the_name_of_a_column_does_not_hide_it(name: str, field: str) -> None:
    match = column_fit(name, field)
    assert match is not None and match.sure


@pytest.mark.parametrize(
    ("text", "number"),
    [("50°30'N", 50.5), ("3° 30' 36\" W", -3.51), ("4.5 S", -4.5), ("12 m", 12.0), ("12 mm", None), ("N", None), ("12 N 5", None)],
)  # fmt: skip
def test_a_coordinate_with_its_side_of_the_world(text: str, number: float | None) -> None:
    read = coordinate_of(text)
    assert read == (None if number is None else pytest.approx(number))
