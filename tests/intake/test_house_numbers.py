"""An address is found however its number is written, and a number that is not there is named."""

import pytest
import shapely

from geo_service.domain.errors import InvalidInput
from geo_service.intake.base_maps.addresses import AddressBook
from geo_service.intake.mapping.places import split_address

BOOK = AddressBook.of(
    ("Gentsestraat", number, False, shapely.to_wkb(shapely.Point(x, x % 2)))
    for x, number in enumerate(["4", "5", "6", "7", "8", "9", "10", "10A", "12", "14-16"])
)


@pytest.mark.parametrize(
    ("number", "x"),
    [
        ("10", [6]), ("10 a", [7]), ("t.h.v. 10", [6]), ("thv 10", [6]), ("T.H.V. nr. 10", [6]), ("ter hoogte van 10", [6]), ("nr. 10", [6]), ("nr 10", [6]),
        ("nabij 10", [6]), ("10 bus 3", [6]), ("10A bus 3", [7]), ("5-9", [1, 3, 5]), ("5 – 9", [1, 3, 5]), ("5 t/m 9", [1, 3, 5]), ("5 tot en met 9", [1, 3, 5]),
        ("4 tot 8", [0, 2, 4]), ("thv 5-9", [1, 3, 5]), ("10 en 12", [6, 8]), ("10, 12", [6, 8]), ("10+12", [6, 8]), ("10/12", [6, 8]), ("5-8", [1, 2, 3, 4]),
        ("14-16", [9]), ("3-7", [1, 3]), ("10A/4", [7]), ("10 a / 0004", [7]), ("10/4", [6]), ("10,12", [6, 8]),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(number: str, x: list[int]) -> None:
    assert [at[0] for at in shapely.get_coordinates(BOOK.find("Gentsestr.", number))] == x


def test_a_range_on_one_side_is_a_line_along_it_and_across_the_street_only_places() -> None:
    assert BOOK.find("Gentsestraat", "5-9").geom_type == "LineString"
    assert BOOK.find("Gentsestraat", "5-8").geom_type == "MultiPoint"


@pytest.mark.parametrize(
    "number",
    [
        "99",
        "10,5",
        "10,4",
        "tegenover 10",
        "10 en 99",
        "20-30",
        "9-5",
        "t.h.v. station",
        "1-5000",
        "",
        "tussen 5 en 9x",
    ],
)
def test_a_number_that_is_not_there_is_named(number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        BOOK.find("Gentsestraat", number)
    assert refused.value.errors[0].code == "address_unknown"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Gentsestraat 5-9, 8870 Izegem", ("Gentsestraat", "5-9")), ("Gentsestraat t.h.v. 10", ("Gentsestraat", "10")), ("Gentsestraat thv nr 10", ("Gentsestraat", "10")),
        ("Gentsestraat 10 en 12", ("Gentsestraat", "10 en 12")), ("Gentsestraat 5 t/m 9, 8870 Izegem", ("Gentsestraat", "5 t/m 9")),
        ("11-novemberlaan 5", ("11-novemberlaan", "5")), ("Gentsestraat 12A bus 3, 8870 Izegem", ("Gentsestraat", "12A")), ("Gentsestraat nr. 7", ("Gentsestraat", "7")),
    ],
)  # fmt: skip
def test_an_address_in_one_line_is_split(text: str, found: tuple[str, str]) -> None:
    assert split_address(text) == found
