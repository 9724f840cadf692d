"""A table that only says street and number finds its place among our own buildings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator
from geo_service.intake.base_maps.addresses import AddressBook, normal_street
from geo_service.intake.mapping.places import split_address
from tests.intake import papers
from tests.intake.conftest import TODAY, Import, counts

Rows = Callable[[str], list[Any]]
REPAIRS = """
about = "test"
source = "calls"
target = "repairs"
full = false
place = { PLACE }
constants = { owner = "Stad Izegem" }
fields = { id = { from = ["Nr"] }, description = { from = ["Wat"] } }
"""


@pytest.fixture
def houses(city: sa.Engine) -> None:
    """Two houses of the Gentsestraat, 2 m behind its footpath, and one number that is there twice."""
    boxes = {"12": 0, "14A": 10, "20": 30, "20 ": 60}
    with city.begin() as conn:
        for number, x in boxes.items():
            conn.execute(
                sa.text(
                    "INSERT INTO buildings (source, source_id, street, house_number, geom) VALUES ('test', :number, 'Gentsestraat', trim(:number), "
                    "ST_MakeEnvelope(68700 + :x, 179104, 68708 + :x, 179112, 31370))"
                ),
                {"number": number, "x": x},
            )
        conn.execute(
            sa.text(
                "INSERT INTO pavement_sections (source, code, kind, street, geom) "
                "VALUES ('test', '1', 'footpath', 'Gentsestraat', ST_MakeEnvelope(68690, 179100, 68800, 179102, 31370))"
            )
        )


@pytest.mark.usefixtures("houses")
@pytest.mark.parametrize(
    ("place", "columns"),
    [
        (
            'street = "Straat", house_number = "Huis"',
            lambda street, number: {"Straat": street, "Huis": number},
        ),
        ('address = "Adres"', lambda street, number: {"Adres": f"{street} {number}, 8870 Izegem"}),
    ],
)
def test_an_address_is_a_place_on_the_footpath_in_front_of_the_house(
    take_in: Import, rows: Rows, tmp_path: Path, place: str, columns: Callable[[str, str], dict[str, str]]
) -> None:
    mapping = tmp_path / "calls.toml"
    mapping.write_text(REPAIRS.replace("PLACE", place), encoding="utf-8")
    asked = [
        ("Gentsestraat", "12"),
        ("gentsestr.", "14a"),
        ("Gentsestraat", "16"),
        ("Melkmarkt", "1"),
        ("Gentsestraat", "20"),
    ]
    lines = [{"Nr": str(nr), "Wat": "put", **columns(*one)} for nr, one in enumerate(asked)]
    report = take_in("repairs", papers.csv_file(tmp_path, lines), mapping=str(mapping))
    assert counts(report) == {"read": 5, "created": 2, "rejected": 3}
    assert [(one.id, one.code) for one in report.rejections] == [
        ("2", "address_unknown"), ("3", "address_unknown"), ("4", "address_ambiguous"),
    ]  # fmt: skip
    dutch = [
        Translator("nl", TODAY).rejection(one.code, one.message, one.params) for one in report.rejections
    ]
    assert dutch[:2] == [
        "Gentsestraat heeft bij onze gebouwen geen nummer 16",
        "bij onze gebouwen is er geen straat Melkmarkt",
    ]
    assert rows("SELECT round(ST_X(geom))::int, round(ST_Y(geom))::int FROM repairs ORDER BY source_id") == [
        (68_704, 179_102),
        (68_714, 179_102),
    ]


@pytest.mark.usefixtures("houses")
def test_a_house_that_came_later_is_found_by_the_next_import(
    take_in: Import, city: sa.Engine, tmp_path: Path
) -> None:
    mapping = tmp_path / "calls.toml"
    mapping.write_text(REPAIRS.replace("PLACE", 'address = "Adres"'), encoding="utf-8")
    file = papers.csv_file(tmp_path, [{"Nr": "1", "Wat": "put", "Adres": "Melkmarkt 1"}])
    assert counts(take_in("repairs", file, mapping=str(mapping))) == {"read": 1, "rejected": 1}
    with city.begin() as conn:
        conn.execute(
            sa.text(
                "INSERT INTO buildings (source, source_id, street, house_number, geom) "
                "VALUES ('test', 'new', 'Melkmarkt', '1', ST_MakeEnvelope(68900, 179104, 68908, 179112, 31370))"
            )
        )
    assert counts(take_in("repairs", file, mapping=str(mapping))) == {"read": 1, "created": 1}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Gentsestraat 12", ("Gentsestraat", "12")),
        ("Gentsestraat 12A bus 3, 8870 Izegem", ("Gentsestraat", "12A")),
        ("Place du 11 Novembre 5", ("Place du 11 Novembre", "5")),
        ("Gentsestraat 12 8870 Izegem", ("Gentsestraat", "12")),
        ("Gentsestraat", None),
        ("12, rue de la Gare", ("rue de la Gare", "12")),
        ("12A rue de la Gare bte 3, 1030 Schaerbeek", ("rue de la Gare", "12A")),
        ("Rue de la Gare 12", ("Rue de la Gare", "12")),
        ("11 Julistraat 5", ("11 Julistraat", "5")),
        ("3 Koningenstraat", None),
    ],
)
def test_an_address_in_one_column_is_split_at_its_number(text: str, parts: tuple[str, str] | None) -> None:
    assert split_address(text) == parts


@pytest.mark.parametrize(
    "written", ["Gentsestraat", "GENTSESTRAAT", "Gentsestr.", "Gentse straat", "Gentse str", "gentsestraat "]
)
def test_a_street_is_the_same_however_it_is_written(written: str) -> None:
    assert normal_street(written) == "gentsestraat"


def test_other_streets_stay_other_streets() -> None:
    assert (
        len(
            {
                normal_street(name)
                for name in ("Gentsestraat", "Gentsesteenweg", "Gentstraat", "Oost", "Westst")
            }
        )
        == 5
    )
    with pytest.raises(InvalidInput, match="there is no street"):
        AddressBook.of([]).find("Gentsestraat", "1")
