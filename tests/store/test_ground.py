"""Houses and footpaths are found as people say and click them."""

import pytest
import sqlalchemy as sa
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from geo_service.store import ground, listing
from geo_service.store.tables import buildings, pavement_sections

# A corner: the house of the Gentsestraat lies 3 m from the Heldenlaan's footpath and 5 m from its own.
CORNER_HOUSE = box(67_000, 179_000, 67_010, 179_010)
SIDE_FOOTPATH = box(66_996, 179_000, 66_997, 179_010)
OWN_FOOTPATH = box(67_000, 178_993, 67_010, 178_995)
IN_THE_HOUSE = Point(67_001, 179_005)


def wkt(geometry: BaseGeometry) -> str:
    return f"SRID=31370;{geometry.wkt}"


@pytest.fixture
def corner(conn: sa.Connection) -> sa.Connection:
    for place, number in enumerate(["104", "10", "10A", "10/2", "1"]):
        house = {"source": "t", "source_id": number, "street": "Gentsestraat", "house_number": number}
        geometry = CORNER_HOUSE if number == "104" else box(67_100 + place, 179_100, 67_101 + place, 179_101)
        conn.execute(sa.insert(buildings).values(**house, geom=wkt(geometry)))
    for code, street, geometry in (
        ("V-1", "Heldenlaan", SIDE_FOOTPATH),
        ("V-2", "Gentsestraat", OWN_FOOTPATH),
    ):
        row = {"source": "t", "code": code, "kind": "footpath", "street": street, "geom": wkt(geometry)}
        conn.execute(sa.insert(pavement_sections).values(**row))
    return conn


def test_a_corner_house_means_the_footpath_of_its_own_street(corner: sa.Connection) -> None:
    found = ground.sections_at(corner, IN_THE_HOUSE, within_m=20)
    assert [row["code"] for row in found] == ["V-2", "V-1"]
    assert found[0]["distance_m"] > found[1]["distance_m"]


def test_beside_a_house_the_nearest_footpath_counts(corner: sa.Connection) -> None:
    found = ground.sections_at(corner, Point(66_998, 179_005), within_m=20)
    assert [row["code"] for row in found] == ["V-1", "V-2"]


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("Gentsestraat 104", {"104"}),
        ("104 gentsestr.", {"104"}),
        ("gentse straat, 10", {"10", "10A", "10/2"}),
        ("Gentsestraat 10a", {"10A"}),
        ("Gentsestraat 104b", {"104"}),
        ("gentsesraat 104", {"104"}),
        ("Gensestraat 10a", {"10A"}),
        ("Brugsestraat 104", set()),
        ("Gentsestraat 10/2", {"10/2"}),
        ("Gentsestraat 5", set()),
        ("Heldenlaan 104", set()),
        ("100% 104", set()),
    ],
)
def test_an_address_is_found_by_its_words_and_its_whole_number(
    corner: sa.Connection, q: str, numbers: set[str]
) -> None:
    page = ground.find_buildings(corner, listing.Window(limit=10), q=q)
    assert {row["house_number"] for row in page.rows} == numbers
