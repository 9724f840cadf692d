"""The file of a city: what is wrong in it is said, and what is right is in force for every process."""

import copy
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import city
from geo_service.detection import calendars
from geo_service.domain.city import InvalidCity, read
from geo_service.store import cities, tables


def changed(path: str, value: Any) -> dict[str, Any]:
    """The content of Flanders' file with one thing changed: `materials.asphalt`."""
    content = copy.deepcopy(city.content())
    place = content
    *parents, last = path.split(".")
    for name in parents:
        place = place[name]
    place[last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("time_zone", "Europe/Izegem", "time_zone: there is no time zone 'Europe/Izegem'"),
        ("materials.asphalt", "asfalt(", "materials: asphalt: asfalt(: missing ), unterminated subpattern at position 6"),
        ("materials", {}, "natural_stone: is missing"),
        ("departments", {"groen": "Groendienst"}, "departments: there is no department groen; there are: nutsen, werkplaatsen, publiek_domein, patrimonium, stedenbouw"),
        ("rule_departments", {"works_clash": ["groen"]}, "rule_departments: works_clash: this city has no department groen"),
        ("calendars.school", "lapland", "calendars: school: there is no rule lapland; there are: flanders"),
        ("calendars.school", [{"name": "1", "starts_on": "2026-09-01", "ends_on": "2026-09-01"}], "calendars: 1: ends_on must be after starts_on"),
        ("owner_groups", [{"id": "a", "name": "A", "kind": "shop", "prefixes": ["a"]}], "owner_groups: a: kind: must be one of utility, road_authority, city, other"),
        ("owner_groups", [{"id": one, "name": one, "kind": "utility", "prefixes": ["x"]} for one in "ab"], "owner_groups: the prefix 'x' stands in two groups"),
        ("contact", {"phone": "vraag naar Jan"}, "contact: phone: cannot be used: 'vraag naar Jan'"),
        ("contact", {"email": "loket"}, "contact: email: cannot be used: 'loket'"),
        ("contact", {"url": "javascript:alert(1)"}, "contact: url: cannot be used: 'javascript:alert(1)'"),
        ("layers.order", [["sewer"]], "layers: order: has no place for water, gas, heat, energy, electricity, telecom, unknown, rails, street, footpath, carriageway, lighting, markings"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_named(path: str, value: Any, complaint: str) -> None:
    with pytest.raises(InvalidCity) as refused:
        read(changed(path, value))
    assert str(refused.value) == complaint


def test_a_file_says_only_what_differs_from_its_base() -> None:
    ours, base = city.load("schaerbeek"), city.load("flanders")
    assert ours.layers == base.layers
    assert ours.materials != base.materials


def test_what_is_put_in_force_is_read_by_all(conn: sa.Connection) -> None:
    assert cities.in_force(conn) == city.load("flanders")

    assert cities.put(conn, city.content("schaerbeek")) is True
    assert cities.put(conn, city.content("schaerbeek")) is False

    assert cities.in_force(conn) == city.load("schaerbeek")


def test_a_year_of_which_no_terms_are_listed_is_one_term(conn: sa.Connection) -> None:
    conn.execute(sa.delete(tables.calendars))

    calendars.add_missing(conn, date(2026, 1, 15), city.load("schaerbeek").school_terms)

    rows = conn.execute(sa.select(tables.calendars).order_by(tables.calendars.c.during))
    terms = [(row.during.lower, row.during.upper) for row in rows]
    assert terms[1] == (date(2025, 11, 3), date(2025, 12, 20))
    assert terms[5:] == [(date(year, 9, 1), date(year + 1, 7, 1)) for year in (2026, 2027, 2028)]
