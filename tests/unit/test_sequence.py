"""Which works a repair waits for, in which order, and when it costs least: from the smallest facts that decide it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_service import city
from geo_service.domain.conflicts import RepairConflict, WorksParty
from geo_service.domain.layers import LAYERS, Layer
from geo_service.domain.order import Order
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCase
from geo_service.domain.sequence import order_of, too_soon

TODAY = date(2026, 9, 1)
PARAMETERS = Parameters()
IN_SPRING = (200, 230)
VALUE, LIFE = 24_000.0, 7305
TABLE = city.load().layers


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def renewal(days: tuple[int, int] | None = IN_SPRING, **more: Any) -> RepairCase:
    planned = (day(days[0]), day(days[1])) if days else (None, None)
    return RepairCase("section", "normal", *planned, **more)


def met(
    layer: Layer, days: tuple[int, int], share: float = 0.5, slack: int = 5, laid: int = 230, **more: Any
) -> RepairConflict:
    """Works of `layer` that take `share` of a renewal that is laid by day `laid`, as detection finds them."""
    certainty = more.pop("certainty", "planned")
    probability = more.pop("probability", 0.35 if certainty == "indicative" else 0.85)
    works: dict[str, Any] = {
        "owner": "Vivaqua", "owner_kind": "utility", "source": "osiris", "source_id": layer, "certainty": certainty,
        "starts_on": day(days[0]), "ends_on": day(days[1]), "claimed_from": day(days[0]), "claimed_until": day(days[1] + slack),
        "works_id": uuid4(), "layer": layer,
    }  # fmt: skip
    party = WorksParty(
        **{**works, **{name: more.pop(name) for name in ("overdue", "umbrella") if name in more}}
    )
    gap = max(0, days[0] - laid)
    after = more.get("after", False)
    cost = 0.0 if after else round(VALUE * share * max(0, 1 - gap / LIFE) * probability, 2)
    fields: dict[str, Any] = {
        "rule": "wasted_repair", "rule_version": 1, "severity": "high", "blocking": False, "status": "open", "works": party, "gap_days": gap,
        "probability": probability, "cost_at_risk_eur": cost, "overlap_m2": 200 * share, "repair_m2": 200.0, "distance_m": 0.0,
        "life_days": LIFE, "value_eur": VALUE, "lost_share": share, "works_m2": 400.0, "dig_id": uuid4(), "works_ids": (party.works_id,),
    }  # fmt: skip
    return RepairConflict(**{**fields, **more})


def order(*conflicts: RepairConflict, case: RepairCase | None = None) -> Order:
    return order_of(case or renewal(), conflicts, PARAMETERS, TABLE.ranks, TODAY)


def layers(found: Order) -> list[str]:
    return [step.works.layer for step in found.first]


def roles(found: Order) -> dict[str, str]:
    return {step.works.layer: step.role for step in (*found.first, *found.later)}


def test_the_deepest_comes_first_whatever_the_dates_say() -> None:
    found = order(met("telecom", (210, 220)), met("water", (240, 260)), met("sewer", (300, 400)))

    assert layers(found) == ["sewer", "water", "telecom"]
    assert set(roles(found).values()) == {"wait"}


def test_the_repair_comes_when_the_last_is_surely_over() -> None:
    found = order(met("sewer", (210, 300)), met("telecom", (205, 215)))

    assert (found.repair_from, found.moves) == (day(305), True)


def test_a_wish_frees_the_ground_when_it_says_so_and_its_slack_is_said_apart() -> None:
    found = order(met("sewer", (100, 225), certainty="indicative", slack=60))

    assert (found.repair_from, found.moves) == (day(225), False)
    assert found.first[0].works.slack_days == 60


def test_works_that_end_within_the_days_of_the_repair_leave_it_its_days() -> None:
    found = order(met("sewer", (190, 210)), case=renewal((200, 400)))

    assert (found.repair_from, found.moves) == (day(215), False)


def test_a_repair_without_days_comes_after_all_of_them() -> None:
    found = order(met("sewer", (20, 60)), case=renewal(None))

    assert (roles(found), found.repair_from, found.moves) == ({"sewer": "wait"}, day(65), False)


def test_nothing_on_its_ground_leaves_a_repair_free() -> None:
    found = order(case=renewal(None))
    assert (found.first, found.repair_from, found.waits, found.cost_at_risk_eur) == ((), None, False, 0)


@pytest.mark.parametrize(
    ("share", "years", "waits"), [(1.0, 3, True), (1.0, 12, False), (0.5, 2, True), (0.2, 4, False)]
)
def test_patience_is_what_would_be_lost_against_the_years_without_a_good_footpath(
    share: float, years: int, waits: bool
) -> None:
    start = 230 + 365 * years
    found = order(met("sewer", (start, start + 90), share, certainty="indicative"))

    assert (roles(found)["sewer"] == "wait", found.waits) == (waits, waits)


def test_no_day_decides_by_itself_how_long_is_too_long() -> None:
    """730 days were too long, and 729 were not."""
    two_years = [
        order(met("sewer", (230 + days, 320 + days), certainty="indicative")) for days in range(700, 760, 10)
    ]
    assert {found.waits for found in two_years} == {True}


def test_what_is_not_worth_a_question_is_put_aside() -> None:
    assert roles(order(met("water", (240, 250), share=0.04))) == {"water": "aside"}


def test_what_holds_the_repair_is_waited_for_however_little_it_takes() -> None:
    found = order(met("water", (150, 235), share=0.04, blocking=True))
    assert (roles(found), found.repair_from) == ({"water": "wait"}, day(240))


def test_where_waiting_costs_more_than_what_holds_the_repair_would_take_that_is_a_contradiction() -> None:
    found = order(met("water", (1, 900), share=0.02, blocking=True), case=renewal(None))
    assert (found.contradiction, found.waits) == ("waiting_costs_more", True)


def test_works_of_another_street_move_the_crossing_only() -> None:
    found = order(met("sewer", (300, 400), share=0.3, crossing=True))
    assert (roles(found), found.waits, found.repair_from) == ({"sewer": "crossing"}, False, day(200))


def test_umbrella_contracts_are_put_aside_unless_they_lie_mainly_here() -> None:
    elsewhere = met("water", (240, 300), umbrella=True, works_m2=20_000.0)
    here = met("gas", (240, 300), umbrella=True, works_m2=150.0)
    assert roles(order(elsewhere, here)) == {"water": "aside", "gas": "wait"}


def test_asphalt_comes_after_the_footpath_and_a_new_street_takes_it_along() -> None:
    found = order(met("carriageway", (300, 320), after=True), met("street", (300, 400)))
    assert roles(found) == {"carriageway": "after", "street": "join"}


def test_a_latest_day_that_somebody_set_is_kept_and_works_then_come_too_late() -> None:
    sewer = met("sewer", (210, 300))
    assert order(sewer, case=renewal(latest_on=day(334))).repair_from == day(305)  # thirty days
    assert order(sewer, case=renewal(latest_on=day(333))).repair_from == day(200)
    found = order(sewer, case=renewal(latest_on=day(250)))
    assert (found.waits, found.repair_from, roles(found)) == (False, day(200), {"sewer": "advance"})


def test_a_latest_day_before_what_holds_the_repair_is_over_is_a_contradiction() -> None:
    found = order(met("sewer", (190, 300), blocking=True), case=renewal(latest_on=day(250)))
    assert found.contradiction == "latest_on"


def test_a_cable_that_is_laid_before_the_sewer_below_it_comes_too_soon() -> None:
    cable, sewer, beside = (
        met("telecom", (210, 240)),
        met("sewer", (240, 290)),
        met("electricity", (230, 260)),
    )
    ids = {one.works.works_id for one in (cable, sewer)}
    meets = {one: frozenset(ids - {one}) for one in ids}

    def told(*conflicts: RepairConflict) -> dict[str, Any]:
        steps = too_soon(order(*conflicts).first, meets, TABLE.ranks)
        return {step.works.layer: step.too_soon_for for step in steps}

    assert told(cable, sewer, beside) == {"sewer": (), "electricity": (), "telecom": (sewer.works.works_id,)}
    running = replace(cable, works=replace(cable.works, certainty="in_progress"))
    assert told(running, sewer)["telecom"] == (), "nobody can turn that round any more"


def test_the_dearest_weighs_most_and_is_counted_once() -> None:
    found = order(met("sewer", (210, 220), share=0.25), met("water", (210, 220)))

    assert {step.works.layer: step.weight for step in found.first} == {"sewer": 2, "water": 1}
    # 24 000 € × half the ground × 0.85, laid first and opened within its own days
    assert found.cost_at_risk_eur == 10_200


def test_the_expected_costs_can_be_checked_by_hand() -> None:
    found = order(met("sewer", (210, 220)))

    assert found.now_eur == 10_200
    assert found.best_eur == round(24_000 * 0.05 * 25 / 365.25, 2)  # from day 200 to day 225
    assert found.margin_eur == round(found.now_eur - found.best_eur, 2)


def test_late_and_indicative_works_are_no_ground_to_build_on() -> None:
    found = order(
        met("sewer", (210, 220), overdue=True),
        met("water", (210, 220), certainty="indicative"),
        met("gas", (210, 220)),
    )
    assert {step.works.layer: step.sure for step in found.first} == {
        "sewer": False,
        "water": False,
        "gas": True,
    }


@given(
    st.lists(
        st.builds(
            lambda layer, start, length, share, certainty, blocking: met(
                layer, (start, start + length), share, certainty=certainty, blocking=blocking
            ),
            st.sampled_from(LAYERS), st.integers(-50, 3000), st.integers(1, 400), st.sampled_from((0.0, 0.02, 0.2, 0.6, 1.0)),
            st.sampled_from(("indicative", "planned", "confirmed", "in_progress")), st.booleans(),
        ),
        max_size=8,
    ),
    st.none() | st.integers(-30, 700).map(lambda start: (start, start + 60)),
)  # fmt: skip
def test_every_job_has_one_place_and_no_other_day_costs_less(
    conflicts: list[RepairConflict], days: tuple[int, int] | None
) -> None:
    case = renewal(days)
    found = order(*conflicts, case=case)

    steps = (*found.first, *found.later)
    assert sorted(str(step.works.works_id) for step in steps) == sorted(
        str(one.works.works_id) for one in conflicts
    )
    ranks = [TABLE.ranks[step.works.layer] for step in found.first]
    assert ranks == sorted(ranks)
    assert sorted(step.weight or 0 for step in found.first) == list(range(1, len(found.first) + 1))
    held = max((one.works.claimed_until for one in conflicts if one.blocking), default=TODAY)
    for step in found.first:
        assert found.repair_from is not None and step.works.free_from <= found.repair_from
    if found.waits:
        assert found.repair_from is not None and found.repair_from >= held
        assert (
            found.contradiction == "waiting_costs_more"
            or found.best_eur < found.now_eur + PARAMETERS.medium_from_eur
        )
    assert found.waits == bool(found.first)


@pytest.mark.parametrize(
    ("layer", "owner", "utilities", "texts", "reference"),
    [
        ("sewer", "Aquafin", [], [], None),
        ("sewer", "VIVAQUA ASSAINISSEMENT", [], [], None),
        ("water", "VIVAQUA DISTRIBUTION", [], [], None),
        ("water", "VIVAQUA", [], ["Marechal Foch"], "8000005150"),
        ("sewer", "VIVAQUA", [], ["Marechal Foch"], "ASS CSA 02641 Marechal Foch#8000005150"),
        ("sewer", "VIVAQUA", [], ["VONCK", "Rue Vonck, Rue de la Consolation"], "Ass. csa 04876"),
        ("water", "Vivaqua", [], ["Rue des Passes"], "PASSAGE 12"),
        ("sewer", "Stad Izegem", ["Riolering", "Water"], [], None),
        ("sewer", "Fluvius Kortrijk", [], ["Aanleg riolering Gentsestraat"], None),
        ("gas", "Fluvius Kortrijk", ["Olie, gas, chemicaliën"], [], None),
        ("electricity", "Fluvius Kortrijk", ["Elektriciteit"], ["distributienet"], None),
        ("electricity", "Fluvius", [], ["Elektriciteit en openbare verlichting"], None),
        ("lighting", "Fluvius", [], ["Vervangen openbare verlichting"], None),
        ("energy", "Sibelga BE-CO", [], [], None),
        ("lighting", "SIBELGA EP", [], [], None),
        ("telecom", "INSKY/DiGi-Belgium - Impétrant institutionnel", [], [], None),
        ("telecom", "Proximus", [], ["Rue de l'Égout"], None),
        ("telecom", "Proximus", [], ["Rue de l’Égout, Waterstraat"], None),
        ("telecom", "Proximus", [], ["Werken in het voetpad"], None),
        ("carriageway", "SCHAERBEEK ASPHALTE", [], [], None),
        ("footpath", "Schaerbeek exe", [], ["Renouvellement de Trottoirs"], None),
        ("street", "SCHAERBEEK AMÉNAGEMENT COMPLET", [], [], None),
        ("markings", "Stad Izegem", [], ["Wegmarkeringen Roeselaarsestraat"], None),
        ("unknown", "Beliris", [], ["Chaussée de Haecht", None], None),
        ("unknown", "Jan Peeters bv", [], [], None),
    ],
)  # fmt: skip
def test_the_layer_is_read_from_what_the_record_says_its_reference_its_texts_and_its_owner(
    layer: str, owner: str, utilities: list[str], texts: list[str | None], reference: str | None
) -> None:
    assert TABLE.layer_of(owner, utilities, texts, reference) == layer


def test_what_comes_after_a_footpath_stands_in_the_citys_file() -> None:
    assert TABLE.after_footpath == ("carriageway", "lighting", "markings")
