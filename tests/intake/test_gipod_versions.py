"""Occurrences and versions of GIPOD, without a database: which of them count, and what a new word or an unknown day means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo_service.intake.sources.gipod import Gipod
from geo_service.intake.sources.gipod_excel import GipodExcel
from geo_service.intake.sources.gipod_ldes import GipodLdes
from tests.intake.conftest import write_json
from tests.intake.gipod_stream import BOX, member, zone
from tests.intake.innames import inname
from tests.intake.reading import IZEGEM, Came, came_of

OCTOBER = ("2026-10-01T06:00:00Z", "2026-10-10T15:00:00Z")
MARCH = ("2027-03-01T06:00:00Z", "2027-03-10T15:00:00Z")
PLANNED = {"Status": "Concreet gepland", "LastModifiedOn": "2026-10-01T08:00:00Z"}
LATE, EARLY = "2026-11-20T08:00:00Z", "2026-09-20T08:00:00Z"


@pytest.fixture
def innames(tmp_path: Path) -> Any:
    def run(*features: Any) -> Came:
        page = {"type": "FeatureCollection", "features": list(features)}
        return came_of(Gipod(str(write_json(tmp_path / "page.json", page)), IZEGEM))

    return run


@pytest.fixture
def hindrances(tmp_path: Path) -> Any:
    def run(*members: Any) -> Came:
        return came_of(GipodLdes(str(write_json(tmp_path / "page.json", list(members))), IZEGEM))

    return run


@pytest.mark.parametrize(
    ("over", "modified", "certainty", "phases"),
    [
        ("Uitgevoerd", LATE, "planned", 2), ("Uitgevoerd", EARLY, "planned", 2), ("Niet uitgevoerd", LATE, "planned", 1),
        ("Niet uitgevoerd", EARLY, "planned", 1), ("In uitvoering", LATE, "in_progress", 2), ("In uitvoering", EARLY, "in_progress", 2),
    ],
)  # fmt: skip
@pytest.mark.parametrize("turned", [False, True])
def test_occurrences_to_come_decide_whatever_was_modified_last(
    innames: Any, over: str, modified: str, certainty: str, phases: int, turned: bool
) -> None:
    pair = [inname(1, *OCTOBER, Status=over, LastModifiedOn=modified), inname(1, *MARCH, x=50, **PLANNED)]
    [works] = innames(*(pair[::-1] if turned else pair)).works
    assert (works.certainty, len(works.phases)) == (certainty, phases)
    assert "2027-03-01" in {str(phase.period.starts_on) for phase in works.phases}
    assert {phase.period.starts_on.year for phase in works.phases if phase.done} == (
        {2026} if over == "Uitgevoerd" else set()
    )


def test_of_equally_certain_occurrences_the_newest_moment_describes_the_works(innames: Any) -> None:
    """Not the greatest text: half past midnight in Brussels lies before midnight in UTC."""
    older = inname(1, *OCTOBER, **PLANNED | {"LastModifiedOn": "2026-12-01T00:30:00+02:00"}, Owner="Oud")
    newer = inname(1, *MARCH, **PLANNED | {"LastModifiedOn": "2026-12-01T00:00:00Z"}, Owner="Nieuw")
    assert [innames(*pair).works[0].owner for pair in ((older, newer), (newer, older))] == ["Nieuw"] * 2


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_feature_that_comes_twice_the_newest_version_counts(innames: Any, turned: bool) -> None:
    pair = [inname(1, **PLANNED), inname(1, Status="Niet uitgevoerd", LastModifiedOn=LATE)]
    found = innames(*(pair[::-1] if turned else pair))
    assert ([one.certainty for one in found.works], found.remarks.older) == (["cancelled"], 0)


@pytest.mark.parametrize(
    ("says", "certainty", "opens", "unknown"),
    [
        ({"Status": "Niet concreet gepland"}, "indicative", True, {}),
        ({"Status": "Stopgezet"}, "cancelled", True, {}),
        ({"Status": "Misschien"}, "planned", True, {"status": {"Misschien": 1}}),
        ({"Type": "Grondwerken"}, "planned", True, {}),
        ({"Type": "Parkeerverbod", "Uri": None}, "planned", False, {}),
        ({"Type": "Iets nieuws", "Uri": None}, "planned", True, {"type": {"Iets nieuws": 1}}),
        ({"Type": None, "Uri": "https://x/api/v1/events/1"}, "planned", False, {}),
        ({"Type": "Iets nieuws", "Uri": "https://x/api/v1/works/1"}, "planned", False, {}),
    ],
    ids=str,
)
def test_a_new_word_is_no_reason_to_lose_the_works(
    innames: Any, says: dict[str, Any], certainty: str, opens: bool, unknown: dict[str, Any]
) -> None:
    found = innames(inname(1, **says))
    assert [(one.certainty, one.phases[0].opens_surface) for one in found.works] == [(certainty, opens)]
    assert found.remarks.unknown_words == unknown


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-10-01T05:00:00Z", "2099-12-31T23:00:00Z", "end_open"),
        ("2026-10-01T05:00:00Z", "9999-12-31T23:59:59Z", "end_open"),
        ("2026-10-01T05:00:00Z", "9999-12-31T23:59:59-05:00", "end_open"),
        ("1900-01-01T00:00:00Z", "2027-03-05T00:00:00Z", "date_too_early"),
        ("0001-01-01T00:00:00Z", "2027-03-05T00:00:00Z", "date_too_early"),
        ("0001-01-01T00:00:00+14:00", "2027-03-05T00:00:00Z", "date_too_early"),
    ],
)
def test_a_day_that_stands_for_an_unknown_one_is_no_day(
    innames: Any, start: str, end: str, code: str
) -> None:
    found = innames(inname(1), inname(2, x=50, Start=start, End=end))
    assert (len(found.works), [one.code for one in found.rejections]) == (1, [code])


def test_lists_come_in_as_lists_and_html_as_its_words(innames: Any) -> None:
    [works] = innames(inname(1, PublicDomainOccupancyTypes=["Water", "Gas"], Description="<p>Aanleg <b>glas&amp;vezel</b></p><p>12 m &lt; 1 m diep</p>")).works  # fmt: skip
    assert works.utilities == ("Water", "Gas")
    assert (works.title, works.description) == ("Aanleg glas&vezel", "Aanleg glas&vezel\n12 m < 1 m diep")


@pytest.mark.parametrize(
    "last",
    [
        {"eventName": "MobilityHindranceWasDeleted", "zone": []},
        {
            "eventName": "MobilityHindranceWasDeleted",
            "zone": None,
            "owner": None,
            "period": [],
            "status": None,
        },
        {"status": {"prefLabel": "Geannuleerd"}, "zone": []},
        {"status": {"prefLabel": "Geannuleerd"}, "period": []},
        {"eventName": "MobilityHindranceZoneWasRemoved", "zone": []},
        {"eventName": "MobilityHindranceWasDeleted"},
    ],
    ids=str,
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_version_that_ends_a_hindrance_needs_only_its_id(
    hindrances: Any, last: dict[str, Any], turned: bool
) -> None:
    pair = [member(1), member(1, at="2026-09-05T08:00:00Z", **last)]
    found = hindrances(*(pair[::-1] if turned else pair))
    assert [(one.source_id, one.certainty, one.owner) for one in found.works] == [("1", "cancelled", "Stad Izegem")]  # fmt: skip
    assert found.rejections == []


def test_a_hindrance_that_comes_back_after_its_end_is_planned_again(hindrances: Any) -> None:
    gone = member(1, at="2026-09-05T08:00:00Z", eventName="MobilityHindranceWasDeleted", zone=[])
    assert [one.certainty for one in hindrances(gone, member(1, at="2026-09-06T08:00:00Z")).works] == ["planned"]  # fmt: skip


def test_a_zone_that_cannot_be_used_costs_only_itself(hindrances: Any) -> None:
    away = zone("POINT (200000 200000)", id_="b")
    found = hindrances(member(1, zone=[zone(BOX, id_="a"), away, zone("POLYGON ((1 2", id_="c")]))
    assert [[phase.source_key[:2] for phase in one.phases] for one in found.works] == [["a/"]]
    assert (found.rejections, found.remarks.zones_left_out) == ([], {"1": 2})


def test_json_ld_may_write_a_value_as_a_node_and_a_node_as_a_list(hindrances: Any) -> None:
    two = {"geometry": [{"wkt": {"@value": BOX, "@type": "geosparql:wktLiteral"}}, {"wkt": "POINT (68720 179101)"}], "@id": "/zones/z1"}  # fmt: skip
    [works] = hindrances(member(
        1, zone=two, status={"prefLabel": {"@value": "Geannuleerd", "@language": "nl"}}, owner={"preferredName": {"@value": "Stad"}},
        description=[{"@value": "Event", "@language": "en"}, {"@value": "Feest", "@language": "nl"}], isConsequenceOf=[{"@type": ["Event"]}],
    )).works  # fmt: skip
    assert (works.title, works.owner, works.certainty, works.kind) == ("Feest", "Stad", "cancelled", "event")
    assert [phase.source_key for phase in works.phases] == ["z1/261001", "z1-2/261001"]


def test_a_status_may_stand_as_plain_text(hindrances: Any) -> None:
    found = hindrances(member(1, status="In opmaak"), member(2, status="Nieuw woord"))
    assert [one.certainty for one in found.works] == ["indicative", "planned"]
    assert found.remarks.unknown_words == {"status": {"Nieuw woord": 1}}


EXCEL = {"Id": 1, "Status": "Concreet gepland", "Start": "01/03/2027", "Einde": "10/03/2027", "Locatie": "POINT (69060 179569)", "Beheerder": "Fluvius",
         "Type": "Grondwerk", "Soort": "Gas"}  # fmt: skip


@pytest.mark.parametrize(
    ("says", "outcome"),
    [
        ({"Locatie": "POINT (69060,1 179569,27)"}, "POINT"), ({"Locatie": "SRID=31370;POINT (69060 179569)"}, "POINT"), ({"Locatie": "MULTIPOINT ((69060 179569))"}, "MULTIPOINT"),
        ({"Locatie": "POLYGON ((69060 179569, 69061 179569, 69061 179570, 69060 179569))"}, "POLYGON"), ({"Locatie": "ergens"}, "geometry_malformed"),
        ({"Start": 46447, "Einde": "20.03.2027"}, "POINT"), ({"Start": "1900-01-01"}, "date_too_early"), ({"Einde": "31/12/2099"}, "end_open"),
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("sheet", ["resultaten", "Resultaten", "Sheet1"])
def test_an_export_is_read_whatever_its_sheet_is_called(
    tmp_path: Path, says: dict[str, Any], outcome: str, sheet: str
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = sheet
    row = {**EXCEL, **says}
    for cells in (list(row), list(row.values())):
        book.active.append(cells)
    book.save(tmp_path / "a.xlsx")
    found = came_of(GipodExcel(str(tmp_path / "a.xlsx"), IZEGEM))
    assert [one.phases[0].geometry.geom_type.upper() for one in found.works] + [one.code for one in found.rejections] == [outcome]  # fmt: skip
