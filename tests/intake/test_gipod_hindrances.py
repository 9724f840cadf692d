"""What works mean for those who pass comes from GIPOD's collection of hindrances, whichever way GIPOD is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.intake.conftest import Import, counts
from tests.intake.innames import inname
from tests.intake.test_gipod_transports import host, in_lambert
from tests.intake.test_pages import Answer, page, server

Rows = Callable[[str], list[Any]]
SAID = "SELECT source_id, consequences FROM works ORDER BY 1"
NO_WALKING, NO_CYCLING = "Geen doorgang voor voetgangers", "Geen doorgang voor fietsers"
URI = "https://gipod.api.vlaanderen.be/api/v1/mobility-hindrances/5"


def zone(number: int, of: str, consequences: str, status: str = "Gevalideerd") -> dict[str, Any]:
    """One row of HINDER, with the properties that GIPOD gives it."""
    properties = {
        "ZoneId": f"z{number}", "ZoneType": "HinderZone", "SevereHindrance": False, "Consequences": consequences,
        "HindranceGipodId": 5, "HindranceURI": URI, "HindranceConsequenceOf": of, "HindranceStatus": status,
    }  # fmt: skip
    return {"type": "Feature", "id": f"HINDER.{number}", "geometry": None, "properties": properties}


def root(number: int) -> str:
    return f"https://gipod.api.vlaanderen.be/api/v1/groundworks/{number}"


ZONES = [
    zone(1, f"{root(1)}; {root(3)}", f"{NO_WALKING};Snelheidsbeperking"),
    zone(2, root(1), NO_CYCLING),
    zone(3, root(2), NO_WALKING, status="Geannuleerd"),
]
WORKS = [
    inname(1, MobilityHindrances=URI),
    inname(2, x=50, MobilityHindrances=URI),
    inname(3, x=100, MobilityHindrances=URI),
    inname(4, x=150),
]
EXPECTED = [
    ("1", [NO_CYCLING, NO_WALKING, "Snelheidsbeperking"]),
    ("2", []),
    ("3", [NO_WALKING, "Snelheidsbeperking"]),
    ("4", []),
]


def consequence(zone: dict[str, Any], said: str) -> dict[str, Any]:
    """The same by HINDERGEVOLG: a row for each consequence of a zone."""
    properties = zone["properties"] | {"Consequence": said}
    return zone | {"id": f"HINDERGEVOLG.{zone['id']}.{said}", "properties": properties}


BY_CONSEQUENCE = [
    consequence(
        one | {"properties": {k: v for k, v in one["properties"].items() if k != "Consequences"}}, said
    )
    for one in ZONES
    for said in one["properties"]["Consequences"].split(";")
]


def gipod(zones: Answer | None, works: list[dict[str, Any]] = WORKS) -> Callable[[str, int], Answer]:
    def script(path: str, _: int) -> Answer:
        if "HINDER" in path:
            return zones or page(*ZONES, numberMatched=len(ZONES))
        shown = [in_lambert(one) for one in works] if "wfs" in path else works
        return page(*shown, numberMatched=len(works))

    return script


@pytest.mark.parametrize("way", ["/collections/INNAME/items", "/ogc/features/v1", "/GIPOD/wfs"])
def test_consequences_belong_to_the_works_that_cause_them(take_in: Import, rows: Rows, way: str) -> None:
    with server(gipod(None)) as (url, asked):
        report = take_in("gipod", host(url) + way)
    assert counts(report) == {"read": 4, "created": 4}
    assert rows(SAID) == EXPECTED
    assert sum("HINDER" in path for path in asked) == 1, "asked for once, in the same box"
    assert all("bbox=" in path for path in asked if "HINDER" in path)


@pytest.mark.parametrize("way", ["/ogc/features/v1", "/GIPOD/wfs"])
def test_when_hinder_does_not_answer_hindergevolg_says_the_same(
    take_in: Import, rows: Rows, way: str
) -> None:
    def script(path: str, before: int) -> Answer:
        if "HINDERGEVOLG" in path:
            return page(*BY_CONSEQUENCE, numberMatched=len(BY_CONSEQUENCE))
        return gipod((404, "text/plain", b""))(path, before)

    with server(script) as (url, _):
        take_in("gipod", host(url) + way)
    assert rows(SAID) == EXPECTED


def test_works_without_a_hindrance_ask_for_none(take_in: Import) -> None:
    with server(gipod(None, [inname(1)])) as (url, asked):
        take_in("gipod", url)
    assert not any("HINDER" in path for path in asked)


def test_hindrances_that_do_not_answer_leave_consequences_as_they_were(take_in: Import, rows: Rows) -> None:
    with server(gipod(None)) as (url, _):
        take_in("gipod", url)
    with server(gipod((404, "text/plain", b""))) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 4, "unchanged": 4}
    assert rows(SAID) == EXPECTED


def test_a_hindrance_that_is_called_off_changes_the_works(take_in: Import, rows: Rows) -> None:
    with server(gipod(None)) as (url, _):
        take_in("gipod", url)
    with server(gipod(page(ZONES[0]))) as (url, _):
        assert counts(take_in("gipod", url)) == {"read": 4, "changed": 1, "unchanged": 3}
    assert rows(SAID)[0] == ("1", [NO_WALKING, "Snelheidsbeperking"])
    assert json.dumps(rows("SELECT raw FROM source_records")).count("consequences") == 2
