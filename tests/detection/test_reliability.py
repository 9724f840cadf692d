"""What an owner's dates were worth is learnt from what was seen of them, and counts for its next works."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from geo_service.coordination import learning
from geo_service.domain.errors import NotFound
from geo_service.domain.reliability import Reliability
from geo_service.store import reliabilities, rules
from geo_service.store.tables import claims
from tests.scenes import FLUVIUS, PROXIMUS, Days, Scene

DAY_ONE = Reliability(0, 5, 0.85)


@pytest.fixture
def far(scene: Scene) -> Scene:
    """A scene whose past plays 100 m away from where the tests look."""
    scene.street()
    return scene


def played(scene: Scene, owner: str, moved_to: Days, number: int, days: Days = (10, 20)) -> None:
    """`number` planned works of `owner` whose days became `moved_to`, that began and were finished at their new end."""
    first = (scene.today - scene.day_zero).days
    later = [(first + a, first + b) for a, b in (days, moved_to)]
    sites = [scene.works(owner, at=(200 + 30 * n, 0), days=later[0]) for n in range(number)]
    scene.a_day_passes(5)
    for site in sites:
        scene.move_works(site, days=later[1])
    scene.a_day_passes(moved_to[0] - 5)
    for site in sites:
        scene.set_certainty(site, "in_progress")
    scene.a_day_passes(moved_to[1] - moved_to[0])
    for site in sites:
        scene.set_certainty(site, "done")


def learn(scene: Scene) -> learning.LearningResult:
    done = learning.learn(scene.conn, scene.today)
    scene.recompute()
    return done


def figures(scene: Scene, owner_group: str | None, certainty: str = "planned") -> Reliability:
    row = reliabilities.by_key(scene.conn)[owner_group, certainty]
    return reliabilities.values_of(row)


def basis(scene: Scene, owner_group: str | None, certainty: str = "planned") -> dict[str, Any]:
    found: dict[str, Any] = reliabilities.by_key(scene.conn)[owner_group, certainty]["basis"]
    return found


def held_for(scene: Scene, owner: str, at_m: float) -> int:
    """How many days after today a repair beside new planned works of `owner` (ten days long) becomes free."""
    now = (scene.today - scene.day_zero).days
    scene.works(owner, at=(at_m, 0), length_m=5, days=(now + 10, now + 20))
    repair = scene.repair(at=(at_m + 2, 1), scope="spot")
    held, _, until = scene.hold(repair)
    assert held and until is not None
    return until - now


def test_an_owner_that_slips_holds_a_repair_longer_than_one_that_does_not(far: Scene) -> None:
    assert (held_for(far, PROXIMUS, 0), held_for(far, FLUVIUS, 20)) == (25, 25)
    played(far, PROXIMUS, moved_to=(10, 60), number=6)
    played(far, FLUVIUS, moved_to=(10, 20), number=6)
    learn(far)
    # all owners: 8 in 10 of the 12 were up to 40 days late: (12 × 40 + 20 × 5) ÷ 32 = 18
    assert figures(far, None).slack_after_days == 18
    # (6 × 40 + 20 × 18) ÷ 26 = 23; (6 × 0 + 20 × 18) ÷ 26 = 14
    assert (held_for(far, PROXIMUS, 40), held_for(far, FLUVIUS, 60)) == (20 + 23, 20 + 14)
    assert held_for(far, "De Watergroep", 80) == 20 + 18


def test_what_was_learnt_is_shown_with_the_sum(far: Scene) -> None:
    played(far, PROXIMUS, moved_to=(10, 60), number=6)
    done = learn(far)
    assert (done.owner_groups, done.changed) == (1, done.rows)
    told = basis(far, "proximus")
    assert told["slack_after_days"] == {"works": 6, "own": 40, "towards": 13}
    assert told["probability"] == {"works": 6, "own": 1, "towards": 0.88}
    assert (told["weight"], told["towards"]) == (20, "all_owners")
    assert told["from"] < told["to"] == far.today.isoformat()
    assert basis(far, None)["slack_after_days"] == {"works": 6, "own": 40, "towards": 5}


def test_a_permit_that_narrows_the_window_is_no_slip(far: Scene) -> None:
    played(far, PROXIMUS, moved_to=(60, 70), number=5, days=(10, 200))
    learn(far)
    assert basis(far, "proximus")["slack_after_days"]["own"] == 0
    assert basis(far, "proximus")["slack_before_days"]["own"] == 0


def test_works_that_begin_before_their_day_give_slack_before(far: Scene) -> None:
    sites = [far.works(PROXIMUS, at=(200 + 30 * n, 0), days=(30, 40)) for n in range(5)]
    far.a_day_passes(20)
    for site in sites:
        far.set_certainty(site, "in_progress")
    learn(far)
    assert basis(far, "proximus")["slack_before_days"] == {"works": 5, "own": 10, "towards": 2}


def test_works_still_seen_after_their_end_are_late_by_what_was_surely_seen(far: Scene) -> None:
    site = far.works(PROXIMUS, at=(200, 0), days=(1, 10), certainty="confirmed")
    other = far.works(FLUVIUS, at=(300, 0), days=(1, 50))
    far.a_day_passes(2)
    far.set_certainty(site, "in_progress")
    far.a_day_passes(22)
    far.set_certainty(other, "confirmed")  # the source was read on day 24: the first still ran
    far.a_day_passes(6)
    far.set_certainty(site, "done")
    learn(far)
    assert basis(far, "proximus", "confirmed")["slack_after_days"]["own"] == 15
    assert basis(far, "proximus", "in_progress")["slack_after_days"]["own"] == 15


@pytest.mark.parametrize(
    ("fate", "opened"),
    [("in_progress", 1), ("done", 1), ("cancelled", 0)],
)
def test_the_probability_is_the_share_that_was_opened(far: Scene, fate: Any, opened: int) -> None:
    sites = [far.works(PROXIMUS, at=(200 + 30 * n, 0), days=(5, 15)) for n in range(4)]
    begun = far.works(PROXIMUS, at=(500, 0), days=(5, 15))
    far.a_day_passes(6)
    far.set_certainty(begun, "in_progress")
    for site in sites:
        far.set_certainty(site, fate)
    learn(far)
    told = basis(far, "proximus")["probability"]
    assert (told["works"], told["own"]) == (5, (4 * opened + 1) / 5)


def test_works_whose_period_passes_unseen_never_came_and_those_to_come_say_nothing_yet(far: Scene) -> None:
    began = far.works(PROXIMUS, at=(200, 0), days=(2, 12))
    gone = far.works(PROXIMUS, at=(300, 0), days=(2, 12))
    kept = far.works(PROXIMUS, at=(400, 0), days=(2, 12))
    far.works(PROXIMUS, at=(500, 0), days=(2, 60))
    short = far.works(PROXIMUS, at=(600, 0), days=(8, 9))
    far.a_day_passes(5)
    far.set_certainty(began, "in_progress")
    far.a_day_passes(5)
    learn(far)
    assert basis(far, "proximus")["probability"]["works"] == 1
    far.a_day_passes(10)
    far.vanish(gone)
    far.vanish(short)  # nobody looked on its one day: it may well have been there
    assert far.is_shown(kept)
    learn(far)
    told = basis(far, "proximus")["probability"]
    assert (told["works"], told["own"]) == (3, pytest.approx(1 / 3, abs=1e-4))


def test_a_source_that_never_says_in_progress_teaches_nothing(far: Scene) -> None:
    site = far.works(PROXIMUS, at=(200, 0), days=(2, 12))
    far.a_day_passes(30)
    far.cancel(site)
    assert learn(far) == learning.LearningResult(0, 0, 0)


def test_learning_again_changes_nothing_and_what_is_stored_is_what_a_full_run_makes(far: Scene) -> None:
    held_for(far, PROXIMUS, 0)
    played(far, PROXIMUS, moved_to=(10, 60), number=4)
    learn(far)
    before = _claims(far)
    assert learn(far).changed == 0
    assert _claims(far) == before
    far.a_day_passes(0)
    assert _claims(far) == before


def test_figures_carry_the_day_on_which_any_of_them_last_changed(far: Scene) -> None:
    def learnt_on() -> Any:
        return reliabilities.by_key(far.conn)["proximus", "planned"]["learnt_on"]

    played(far, PROXIMUS, moved_to=(10, 60), number=4)
    first = far.today
    learn(far)
    far.a_day_passes(10)
    learn(far)
    assert learnt_on() == first
    played(
        far, PROXIMUS, moved_to=(10, 60), number=1
    )  # one more of the same kind: their number changes, the days before do not
    learn(far)
    assert learnt_on() == far.today > first


def test_what_a_person_fixed_stays_and_owners_lean_on_it(far: Scene) -> None:
    reliabilities.fix(far.conn, None, "planned", Reliability(1, 30, 0.5), "afspraak met de nutsraad")
    reliabilities.fix(far.conn, "fluvius", "planned", Reliability(0, 2, 0.9), "eigen meting 2025")
    played(far, PROXIMUS, moved_to=(10, 60), number=5)
    played(far, FLUVIUS, moved_to=(10, 60), number=5)
    learn(far)
    assert figures(far, None) == Reliability(1, 30, 0.5)
    assert figures(far, "fluvius") == Reliability(0, 2, 0.9)
    assert basis(far, "proximus")["slack_after_days"] == {"works": 5, "own": 40, "towards": 30}
    assert held_for(far, FLUVIUS, 0) == 22
    reliabilities.release(far.conn, "fluvius", "planned")
    learn(far)
    assert figures(far, "fluvius").slack_after_days == 32


def test_a_group_that_is_not_there_is_not_fixed(far: Scene) -> None:
    with pytest.raises(NotFound, match="no owner group nobody"):
        reliabilities.fix(far.conn, "nobody", "planned", DAY_ONE, "x")


def test_a_city_that_turns_learning_off_keeps_the_values_of_day_one_and_its_own(far: Scene) -> None:
    played(far, PROXIMUS, moved_to=(10, 60), number=10)
    reliabilities.fix(far.conn, "fluvius", "planned", Reliability(0, 2, 0.9), "eigen meting 2025")
    learn(far)
    rules.set_parameter(far.conn, "learn_reliability", 0, "collegebesluit")
    far.recompute()
    assert (held_for(far, PROXIMUS, 0), held_for(far, FLUVIUS, 40)) == (25, 22)
    shown = {(row["owner_group"], row["certainty"]): row["origin"] for row in reliabilities.find(far.conn)}
    assert shown[None, "planned"] == "default"
    assert {group for group, _ in shown} == {None, "fluvius"}


def _claims(scene: Scene) -> list[Any]:
    columns = (column for column in claims.c if column.name not in ("id", "geom"))
    return list(scene.conn.execute(sa.select(*columns).order_by(claims.c.kind, claims.c.origin_id)))
