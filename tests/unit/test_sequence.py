"""Which works a footpath waits for, and in which order: from the smallest facts that decide it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo_service.domain.layers import LAYERS, RANKS, Layer, layer_of
from geo_service.domain.parameters import Parameters
from geo_service.domain.sequence import PATIENCE_DAYS, Job, Order, Renewal, sequence
from geo_service.domain.works import CERTAINTIES

TODAY = date(2026, 9, 1)
PARAMETERS = Parameters()
IN_SPRING = (200, 230)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def job(layer: Layer, days: tuple[int, int], **more: Any) -> Job:
    fields: dict[str, Any] = {
        "works_id": uuid4(), "owner": "Vivaqua", "source": "osiris", "source_id": layer, "title": "", "certainty": "planned",
        "starts_on": day(days[0]), "ends_on": day(days[1]), "claimed_from": day(days[0]), "claimed_until": day(days[1] + 5),
        "probability": 0.85, "shared_m2": 100.0,
    }  # fmt: skip
    return Job(layer=layer, **{**fields, **more})


def renewal(days: tuple[int, int] | None = IN_SPRING) -> Renewal:
    planned = (day(days[0]), day(days[1])) if days else (None, None)
    return Renewal(*planned, area_m2=200, value_eur=24_000, life_days=7305)


def order(*jobs: Job, footpath: Renewal | None = None) -> Order:
    return sequence(footpath or renewal(), jobs, PARAMETERS, TODAY)


def layers(found: Order) -> list[str]:
    return [step.job.layer for step in found.first]


def roles(found: Order) -> dict[str, str]:
    return {step.job.layer: step.role for step in (*found.first, *found.later)}


def on_one_ground(*jobs: tuple[Layer, tuple[int, int]]) -> list[Job]:
    ids = [uuid4() for _ in jobs]
    return [
        job(layer, days, works_id=own, meets=frozenset(set(ids) - {own}))
        for own, (layer, days) in zip(ids, jobs, strict=True)
    ]


def test_the_deepest_comes_first_whatever_the_dates_say() -> None:
    found = order(job("telecom", (210, 220)), job("water", (240, 260)), job("sewer", (300, 400)))

    assert layers(found) == ["sewer", "water", "telecom"]
    assert set(roles(found).values()) == {"wait"}


def test_the_footpath_comes_when_the_last_is_surely_over() -> None:
    found = order(job("sewer", (210, 300)), job("telecom", (205, 215)))

    assert (found.footpath_from, found.moves) == (day(305), True)


def test_works_that_end_within_the_days_of_the_footpath_leave_it_its_days() -> None:
    found = order(job("sewer", (190, 210)), footpath=renewal((200, 400)))

    assert (found.footpath_from, found.moves) == (day(215), False)


def test_works_that_are_over_by_then_are_in_order() -> None:
    found = order(job("sewer", (20, 195)))

    assert (roles(found), found.footpath_from, found.moves) == ({"sewer": "before"}, day(200), False)
    assert found.cost_at_risk_eur == 0


def test_works_of_which_the_slack_touches_the_footpath_are_waited_for() -> None:
    assert roles(order(job("sewer", (20, 196)))) == {"sewer": "wait"}


def test_a_footpath_without_days_comes_after_all_of_them() -> None:
    found = order(job("sewer", (20, 60)), footpath=renewal(None))

    assert (roles(found), found.footpath_from, found.moves) == ({"sewer": "wait"}, day(65), False)


def test_nothing_on_its_ground_leaves_a_footpath_free() -> None:
    assert order(footpath=renewal(None)) == Order((), None, (), False, 0)


def test_works_far_beyond_patience_should_come_forward() -> None:
    late = 230 + PATIENCE_DAYS
    found = order(job("sewer", (late + 1, late + 90)), job("water", (late, late + 90)))

    assert roles(found) == {"sewer": "advance", "water": "wait"}


def test_works_under_a_corner_of_the_footpath_hold_it_only_when_sure_and_soon() -> None:
    corner = {"shared_m2": 10.0}
    found = order(
        job("sewer", (210, 220), certainty="indicative", **corner),
        job("water", (210, 220), **corner),
        job("telecom", (150, 250), **corner),
    )

    assert roles(found) == {"sewer": "aside", "water": "aside", "telecom": "wait"}


def test_works_that_share_no_ground_and_umbrella_contracts_are_put_aside() -> None:
    found = order(
        job("sewer", (20, 300), shared_m2=0.0), job("water", (20, 300), umbrella=True, total_m2=20_000.0)
    )

    assert (set(roles(found).values()), found.footpath_from) == ({"aside"}, day(200))


def test_one_street_of_a_long_contract_is_still_that_street() -> None:
    assert roles(order(job("water", (20, 300), umbrella=True, total_m2=150.0))) == {"water": "wait"}


def test_asphalt_comes_after_the_footpath_and_a_new_street_takes_it_along() -> None:
    found = order(job("carriageway", (300, 320)), job("street", (300, 400)))

    assert roles(found) == {"carriageway": "after", "street": "join"}


def test_a_cable_that_is_laid_before_the_sewer_below_it_comes_too_soon() -> None:
    cable, sewer, beside = on_one_ground(
        ("telecom", (20, 40)), ("sewer", (40, 190)), ("electricity", (30, 60))
    )

    found = {step.job.layer: step.too_soon_for for step in order(cable, sewer, beside).first}

    assert found == {"sewer": (), "electricity": (), "telecom": (sewer.works_id,)}


def test_a_cable_beside_the_sewer_may_come_before_it() -> None:
    found = order(job("telecom", (20, 40)), job("sewer", (60, 190)))

    assert [step.too_soon_for for step in found.first] == [(), ()]


def test_a_cable_that_is_being_laid_is_no_longer_called_too_soon() -> None:
    cable, sewer = on_one_ground(("telecom", (-5, 10)), ("sewer", (60, 190)))
    running = replace(cable, certainty="in_progress")

    assert [step.too_soon_for for step in order(running, sewer).first] == [(), ()]


def test_the_dearest_weighs_most_and_is_counted_once() -> None:
    found = order(job("sewer", (210, 220), shared_m2=50.0), job("water", (210, 220)))

    assert {step.job.layer: step.weight for step in found.first} == {"sewer": 2, "water": 1}
    # 24 000 € × half the ground × 0.85, laid first and opened within its own days
    assert found.cost_at_risk_eur == 10_200


def test_late_and_indicative_works_are_no_ground_to_build_on() -> None:
    found = order(
        job("sewer", (210, 220), overdue=True),
        job("water", (210, 220), certainty="indicative"),
        job("gas", (210, 220)),
    )

    assert {step.job.layer: step.sure for step in found.first} == {
        "sewer": False,
        "water": False,
        "gas": True,
    }


@given(
    st.lists(
        st.builds(
            lambda layer, start, length, m2, certainty: job(layer, (start, start + length), shared_m2=m2, certainty=certainty),
            st.sampled_from(LAYERS), st.integers(-50, 1500), st.integers(1, 400), st.sampled_from((0.0, 5.0, 50.0, 200.0, 500.0)),
            st.sampled_from(CERTAINTIES),
        ),
        max_size=8,
    ),
    st.none() | st.integers(-30, 700).map(lambda start: (start, start + 60)),
)  # fmt: skip
def test_every_job_has_one_place_and_the_footpath_follows_those_it_waits_for(
    jobs: list[Job], days: tuple[int, int] | None
) -> None:
    found = order(*jobs, footpath=renewal(days))

    placed = [step.job.works_id for step in (*found.first, *found.later)]
    assert sorted(placed, key=str) == sorted((one.works_id for one in jobs), key=str)
    ranks = [RANKS[step.job.layer] for step in found.first]
    assert ranks == sorted(ranks)
    assert sorted(step.weight or 0 for step in found.first) == list(range(1, len(found.first) + 1))
    for step in found.first:
        assert found.footpath_from is not None or step.role == "before"
        assert step.role == "before" or step.job.claimed_until <= (found.footpath_from or date.max)
        assert 0 <= step.cost_at_risk_eur <= 24_000


@pytest.mark.parametrize(
    ("layer", "owner", "utilities", "texts"),
    [
        ("sewer", "Aquafin", [], []),
        ("sewer", "VIVAQUA ASSAINISSEMENT", [], []),
        ("water", "VIVAQUA DISTRIBUTION", [], []),
        ("sewer", "Stad Izegem", ["Riolering", "Water"], []),
        ("gas", "Fluvius Kortrijk", ["Olie, gas, chemicaliën"], []),
        ("electricity", "Fluvius Kortrijk", ["Elektriciteit"], ["distributienet"]),
        ("energy", "Sibelga BE-CO", [], []),
        ("electricity", "SIBELGA EP", [], []),
        ("telecom", "INSKY/DiGi-Belgium - Impétrant institutionnel", [], []),
        ("telecom", "Proximus", [], ["Rue de l'Égout"]),
        ("carriageway", "SCHAERBEEK ASPHALTE", [], []),
        ("footpath", "Schaerbeek exe", [], ["Renouvellement de Trottoirs"]),
        ("street", "SCHAERBEEK AMÉNAGEMENT COMPLET", [], []),
        ("unknown", "Beliris", [], ["Chaussée de Haecht", None]),
        ("unknown", "Jan Peeters bv", [], []),
    ],
)  # fmt: skip
def test_what_works_open_is_read_from_the_record_then_the_owner_then_the_texts(
    layer: str, owner: str, utilities: list[str], texts: list[str | None]
) -> None:
    assert layer_of(owner, utilities, texts) == layer
