"""The city's own works take a repair along: when, and which of them."""

from dataclasses import replace

import pytest

from geo_service.domain.conflicts import WorksParty
from tests.unit.advice_scenes import SECTION, advice, conflict, day, works


def test_the_citys_own_works_are_combined_with() -> None:
    assert advice(conflict(works(owner_kind="city"))).verdict == "combine"


def test_the_citys_own_works_do_not_hide_those_of_a_utility() -> None:
    given_ = advice(conflict(works(owner_kind="city")), conflict(works((60, 70))))
    assert (given_.verdict, given_.until) == ("wait", day(75))


@pytest.mark.parametrize(
    ("party", "share", "verdict"),
    [
        (works(owner_kind="city"), 0.1, "combine"),
        (works(owner_kind="city"), 0.09, "wait"),
        (works(owner_kind="city", layer="footpath"), 0.01, "combine"),
    ],
    ids=["a tenth", "the pit of a tree", "a footpath"],
)
def test_works_of_the_city_take_along_what_they_mainly_open(
    party: WorksParty, share: float, verdict: str
) -> None:
    assert advice(conflict(party, lost_share=share)).verdict == verdict


def test_works_of_the_city_that_are_over_before_the_repair_take_nothing_along() -> None:
    planned = replace(SECTION, planned_from=day(44), planned_until=day(50))
    given_ = advice(conflict(works(owner_kind="city")), repair=planned)
    assert (given_.verdict, given_.until) == ("wait", day(49))


def test_of_several_works_of_the_city_the_last_restores_the_footpath() -> None:
    """The day that is told is that of the works that are named."""
    running = works(
        (-20, 10),
        owner_kind="city",
        certainty="in_progress",
        source_id="2",
        owner="Eerst",
        claimed_until=day(10),
    )
    given_ = advice(conflict(running), conflict(works((60, 70), owner_kind="city")))
    assert given_.leading is not None
    assert (given_.verdict, given_.leading.works.owner, given_.until) == ("combine", "Proximus", day(75))
