"""What coordination has spared (`/stats/avoided`): only what was carried out, each once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.api.scenario import Street, day
from tests.scenes import unguarded


def avoided(street: Street) -> Any:
    with street.service.as_("viewer") as viewer:
        return viewer.get("/api/v1/stats/avoided").raise_for_status().json()


def test_what_waiting_has_spared_is_counted(street: Street) -> None:
    before = avoided(street)["avoided_cost_eur"]
    works = street.works((30, 44))
    repair = street.repair()
    [held] = street.conflicts(repair=repair["id"])
    street.change_works(works, certainty="done")
    street.complete(repair, on=0)

    after = avoided(street)
    assert round(after["avoided_cost_eur"] - before, 2) == held["facts"]["cost_at_risk_eur"]
    assert after["years"][0]["repairs"] >= 1


def test_what_was_spared_in_several_years_adds_up(street: Street) -> None:
    other = Street(street.service, street.x + 60_000)
    for place in (street, other):
        works, repair = place.works((30, 44)), place.repair()
        place.change_works(works, certainty="done")
        place.complete(repair, on=0)
    earlier = "UPDATE conflict_events SET at = at - interval '1 year' WHERE kind = 'avoided' AND id = (SELECT max(id) FROM conflict_events WHERE kind = 'avoided')"
    with street.service.engine.begin() as conn:
        unguarded(conn, earlier)
    after = avoided(street)
    amounts = [year["avoided_cost_eur"] for year in after["years"]]
    assert len(amounts) == 2 and min(amounts) > 0
    assert [year["year"] for year in after["years"]] == sorted(year["year"] for year in after["years"])
    assert after["avoided_cost_eur"] == round(sum(amounts), 2)


def test_a_repair_that_was_finished_before_the_works_has_not_waited_for_them(street: Street) -> None:
    before = avoided(street)["avoided_cost_eur"]
    works = street.works((30, 44))
    repair = street.repair(reported_at=f"{day(-60)}T08:00:00Z")
    street.change_works(works, certainty="done")
    street.complete(repair, on=-50)
    assert avoided(street)["avoided_cost_eur"] == before


def test_a_repair_that_was_done_in_spite_of_the_works_has_spared_nothing(street: Street) -> None:
    before = avoided(street)["avoided_cost_eur"]
    works = street.works((30, 44))
    repair = street.repair()
    assert street.schedule(repair, (3, 4)).status_code == 409
    accepted = street.schedule(repair, (3, 4), role="coordinator", override_reason="De burgemeester wil het")
    assert accepted.status_code == 200
    street.complete(repair, on=0)
    street.change_works(works, certainty="done")
    assert avoided(street)["avoided_cost_eur"] == before


def test_what_waiting_has_spared_is_counted_once_whatever_comes_after(street: Street) -> None:
    before = avoided(street)
    works = street.works((30, 44))
    repair = street.repair()
    [held] = street.conflicts(repair=repair["id"])
    street.change_works(works, certainty="done")
    street.complete(repair, on=0)
    street.change_works(works, title="told again")
    street.change_works(works, certainty="confirmed")
    street.change_works(works, certainty="done")

    after = avoided(street)
    assert (
        round(after["avoided_cost_eur"] - before["avoided_cost_eur"], 2) == held["facts"]["cost_at_risk_eur"]
    )
    with street.service.engine.connect() as conn:
        once = "SELECT count(*) FROM conflict_events WHERE kind = 'avoided' AND conflict_id = :id"
        assert conn.scalar(sa.text(once), {"id": held["id"]}) == 1


def test_a_trench_that_two_owners_shared_is_counted_once_both_are_done(street: Street) -> None:
    before = combined(street)
    ours, theirs = street.works((30, 44)), street.works((100, 114), owner="Fluvius")
    [offered] = street.conflicts(rule="shared_trench", works=ours["id"])
    street.slip(theirs, (30, 44))
    street.change_works(ours, certainty="done")
    assert combined(street) == before, "one of them is not finished"
    street.change_works(theirs, certainty="done")
    street.change_works(theirs, title="told again")

    facts = offered["facts"]
    spared = facts["inputs"]["shared_m2"] * facts["inputs"]["eur_per_m2"]
    assert combined(street) == (before[0] + 1, round(before[1] + spared, 2))


def test_owners_who_both_dug_on_their_own_days_have_spared_nothing(street: Street) -> None:
    before = combined(street)
    for works in (street.works((30, 44)), street.works((100, 114), owner="Fluvius")):
        street.change_works(works, certainty="done")
    assert combined(street) == before


def test_a_repair_that_the_utility_took_along_spares_what_it_did_not_cost(street: Street) -> None:
    before = combined(street)
    street.works((-5, 10), certainty="in_progress")
    repair = street.repair()
    [wake] = street.conflicts(rule="repair_in_wake", repair=repair["id"])
    street.complete(repair, on=0, cost_eur=100)
    assert combined(street) == (
        before[0] + 1,
        round(before[1] + wake["facts"]["inputs"]["value_eur"] - 100, 2),
    )


def combined(street: Street) -> tuple[int, float]:
    """How many combinations were carried out until now, and what they spared."""
    years = avoided(street)["years"]
    return sum(year["combinations"] for year in years), round(sum(year["combined_eur"] for year in years), 2)
