"""Advice on any mixture of facts makes sense, and does not depend on their order."""

from typing import Any, get_args
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from geo_service.domain.advice import advise
from geo_service.domain.alternatives import Verdict
from geo_service.domain.conflicts import SEVERITIES, STATUSES, RepairConflict
from geo_service.domain.repairs import SCOPES, URGENCIES, RepairCase
from geo_service.domain.works import CERTAINTIES
from tests.unit.advice_scenes import PARAMETERS, RANKS, TODAY, conflict, day, works


@st.composite
def any_conflict(draw: st.DrawFn) -> RepairConflict:
    start = draw(st.integers(-400, 800))
    length = draw(st.integers(1, 2_000))
    party = works(
        (start, start + length),
        owner_kind=draw(st.sampled_from(("utility", "city", "other"))),
        certainty=draw(st.sampled_from(CERTAINTIES)),
        overdue=draw(st.booleans()),
        umbrella=draw(st.booleans()),
        claimed_until=day(start + length + draw(st.integers(0, 60))),
    )
    return conflict(
        party,
        rule=draw(
            st.sampled_from(
                ("wasted_repair", "repair_during_works", "occupancy_during_repair", "guarantee_applies")
            )
        ),
        severity=draw(st.sampled_from(SEVERITIES)),
        blocking=draw(st.booleans()),
        status=draw(st.sampled_from(STATUSES[:5])),
        cost_at_risk_eur=draw(st.floats(0, 50_000, allow_nan=False)),
        dig_id=uuid4(),
    )


cases = st.builds(RepairCase, st.sampled_from(SCOPES), st.sampled_from(URGENCIES))


@settings(max_examples=1_000, deadline=None)
@given(cases, st.lists(any_conflict(), max_size=6))
def test_whatever_the_facts_the_advice_makes_sense(
    repair: RepairCase, conflicts: list[RepairConflict]
) -> None:
    given_ = advise(repair, conflicts, PARAMETERS, TODAY, RANKS)
    live = [c for c in conflicts if c.status != "accepted_risk"]
    holding = [c for c in live if c.blocking]
    assert given_.verdict in get_args(Verdict)
    assert given_.blocked == bool(holding)
    if holding:
        asked = any(c.works.late for c in (given_.leading, *holding) if c is not None)
        held = max(c.works.claimed_until for c in holding)
        assert (
            given_.verdict == "recover" or asked or held <= TODAY or (given_.until and given_.until >= held)
        )
        assert given_.verdict != "repair"
    if repair.urgency == "danger":
        assert given_.verdict not in ("wait", "coordinate", "combine", "recover")
    if given_.verdict == "wait":
        assert given_.until is not None
    assert len(given_.alternatives) >= 2
    assert [option.recommended for option in given_.alternatives] == [True] + [False] * (
        len(given_.alternatives) - 1
    )
    assert len({option.code for option in given_.alternatives}) == len(given_.alternatives)
    assert given_.reasons
    assert given_.order.cost_at_risk_eur == given_.cost_at_risk_eur
    assert given_.until is None or given_.until == given_.order.repair_from
    assert {id(reason.conflict) for reason in given_.reasons if reason.conflict} == {id(c) for c in live}
    if given_.leading is not None:
        assert given_.reasons[0].conflict is given_.leading
    assert given_.cost_at_risk_eur == max((c.cost_at_risk_eur for c in live), default=0)


@settings(max_examples=300, deadline=None)
@given(cases, st.lists(any_conflict(), min_size=2, max_size=6), st.randoms())
def test_the_order_in_which_conflicts_are_found_decides_nothing(
    repair: RepairCase, conflicts: list[RepairConflict], random: Any
) -> None:
    shuffled = random.sample(conflicts, len(conflicts))
    one, other = (advise(repair, order, PARAMETERS, TODAY, RANKS) for order in (conflicts, shuffled))
    assert (one.verdict, one.until, one.blocked, one.cost_at_risk_eur) == (
        other.verdict, other.until, other.blocked, other.cost_at_risk_eur,
    )  # fmt: skip
