"""What people type, in its parts."""

from __future__ import annotations

import pytest

from geo_service.domain import queries


@pytest.mark.parametrize(
    ("text", "street", "house"),
    [
        ("Gentsestraat 108", "Gentsestraat", "108"),
        ("Izegem, Gentsestraat 108a", "Gentsestraat", "108a"),
        ("8870 Izegem Gentsestraat 108 A", "Gentsestraat", "108A"),
        ("Gentsestraat nr. 108", "Gentsestraat", "108"),
        ("Gentsestraat", "Gentsestraat", ""),
        ("Place du 20 Août", "Place du 20 Août", ""),
        ("108", "108", ""),
        ("Gentsestraat 30-36", "Gentsestraat", "30"),
        ("Gentsestraat 30-", "Gentsestraat", "30"),
    ],
)
def test_a_street_and_its_house(text: str, street: str, house: str) -> None:
    query = queries.read(text, "Izegem")
    assert (query.street, query.house) == (street, house)
    assert query.kinds[0] == ("address" if house else "street")


@pytest.mark.parametrize(
    ("text", "number"),
    [("C-51", "C-51"), ("h1121", "H1121"), ("gipod 12350257", "12350257"), ("12350257", "12350257"), ("12", ""), ("C-", ""), ("Gentsestraat 108", "")],
)  # fmt: skip
def test_a_number(text: str, number: str) -> None:
    assert queries.read(text, "Izegem").number == number


def test_the_town_alone_stays_what_is_looked_for() -> None:
    assert queries.read("Izegem", "Izegem").words == "Izegem"


@pytest.mark.parametrize(
    "text",
    [
        "Gentsestraat 30-36",
        "Gentsestraat van nr 30 tot nr 36",
        "Gentsestraat nr. 30 tot en met nr. 36, 8870 Izegem",
        "Gentsestraat tussen 30 en 36",
        "Gentsestraat nummers 30 tot 36",
        "Gentsestraat 30 t.e.m. 36",
        "Gentsestraat 30 tem 36",
        "Gentsestraat 36 – 30",
        "Gentsestraat 30A-36 b",
    ],
)
def test_a_stretch(text: str) -> None:
    assert queries.stretch_in(text, "Izegem") == queries.Stretch("Gentsestraat", 30, 36)


@pytest.mark.parametrize(
    "text", ["Gentsestraat 30", "Gentsestraat", "2026-11-30", "12350257", "Gentsestraat 30-", "30-36"]
)
def test_no_stretch(text: str) -> None:
    assert queries.stretch_in(text, "Izegem") is None


@pytest.mark.parametrize(("last", "sides"), [(36, ("even",)), (37, ("even", "odd")), (30, ("even",))])
def test_the_sides_of_a_stretch(last: int, sides: tuple[str, ...]) -> None:
    assert queries.Stretch("Gentsestraat", 30, last).sides == sides
