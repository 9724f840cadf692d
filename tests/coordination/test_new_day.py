"""Midnight where the city is: each day begins once, at the clock changes and on leap days too, however many workers there are."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from geo_service import db, settings
from geo_service.coordination import day_change
from geo_service.store.tables import claims, conflicts, parameters, recomputations, rules
from geo_service.worker.tasks import NewDay
from tests.scenes import TODAY, Scene

BRUSSELS = ZoneInfo("Europe/Brussels")
HOUR = timedelta(hours=1)


@pytest.fixture
def database(fresh_database: str) -> Iterator[sa.Engine]:
    engine = db.create_engine_for(fresh_database, pool_size=8)
    yield engine
    engine.dispose()


def ask(engine: sa.Engine, at: datetime, **fixed: Any) -> None:
    """The worker's hourly question at an instant."""
    NewDay(settings.load(**fixed), engine, lambda: at).begin()


def days(engine: sa.Engine) -> list[tuple[str, date]]:
    with db.read(engine) as conn:
        rows = conn.execute(sa.select(recomputations).order_by(recomputations.c.id))
        return [(row.kind, row.day) for row in rows]


def brussels(*when: int) -> datetime:
    return datetime(*when, tzinfo=BRUSSELS)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    "first",
    [
        date(2026, 3, 28),  # the 29th has 23 hours
        date(2026, 10, 24),  # the 25th has 25
        date(2028, 2, 27),  # a leap day
        date(2100, 2, 27),  # none
        date(2026, 12, 30),
    ],
)
def test_each_day_begins_at_one_past_midnight_and_once(database: sa.Engine, first: date) -> None:
    began: dict[date, datetime] = {}
    at = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=6) + timedelta(minutes=1)
    known = 0
    while (local := at.astimezone(BRUSSELS)).date() < first + timedelta(
        days=4
    ):  # every hour, as the queue counts
        ask(database, at)
        for _, day in days(database)[known:]:
            assert day not in began
            began[day] = local
        known = len(began)
        at += HOUR
    del began[first - timedelta(days=1)]  # when the worker was started
    assert {day: local.replace(tzinfo=None) for day, local in began.items()} == {
        day: datetime(day.year, day.month, day.day, 0, 1) for day in (first + timedelta(days=n) for n in range(4))
    }  # fmt: skip


def test_a_worker_that_starts_just_before_midnight_begins_the_new_day_at_one_past(
    database: sa.Engine,
) -> None:
    midnight = brussels(2026, 3, 29)
    before = [("full", date(2026, 3, 28))]
    for seconds in (-1, 0, 30, 59):  # requests that began before midnight are stored by one past
        ask(database, midnight + timedelta(seconds=seconds))
        assert days(database) == before, f"{seconds} s after midnight"
    for seconds in (60, 61):
        ask(database, midnight + timedelta(seconds=seconds))
        assert days(database) == [*before, ("night", date(2026, 3, 29))], f"{seconds} s after midnight"


def test_of_many_workers_at_once_one_begins_the_day(database: sa.Engine) -> None:
    ask(database, brussels(2026, 9, 1, 12))
    with ThreadPoolExecutor(8) as workers:
        list(workers.map(lambda _: ask(database, brussels(2026, 9, 2, 0, 1)), range(8)))
    assert days(database) == [("full", date(2026, 9, 1)), ("night", date(2026, 9, 2))]


def test_the_days_that_no_worker_saw_are_one_night(database: sa.Engine) -> None:
    ask(database, brussels(2026, 9, 1, 12))
    ask(database, brussels(2026, 9, 4, 9, 30))
    assert days(database)[1:] == [("night", date(2026, 9, 4))]


def test_a_clock_that_is_behind_takes_nothing_back(database: sa.Engine) -> None:
    ask(database, brussels(2026, 9, 2, 0, 1))
    ask(database, brussels(2026, 9, 1, 23, 58))
    assert days(database) == [("full", date(2026, 9, 2))]


def test_a_day_fixed_by_the_settings_is_that_day_also_when_it_is_past(database: sa.Engine) -> None:
    now = brussels(2026, 9, 2, 0, 1)
    for fixed in (date(2027, 3, 1), date(2027, 3, 1), date(2027, 3, 2), date(2026, 1, 1), date(2026, 1, 1)):
        ask(database, now, today=fixed)
    assert days(database) == [
        ("full", date(2027, 3, 1)),
        ("night", date(2027, 3, 2)),
        ("full", date(2026, 1, 1)),
    ]


def test_a_night_looks_at_what_the_day_can_have_changed_and_at_nothing_else(scene: Scene) -> None:
    scene.works(days=(30, 44))
    scene.repair(planned=(12, 13), at=(60, 1))
    scene.works(days=(-9, 30), certainty="in_progress", at=(80, 0))
    scene.building()
    scene.recompute()
    scene.a_day_passes(3)
    quiet = scene.night()
    scene.today += timedelta(days=1)
    night = scene.night()
    assert quiet is None
    assert night is not None
    assert (night.kind, night.works, night.repairs, night.buildings) == ("night", 0, 0, 0)


def test_what_was_stored_after_the_night_for_the_day_before_is_made_good_the_next_night(scene: Scene) -> None:
    scene.recompute()
    scene.a_day_passes()
    scene.today -= timedelta(days=1)  # an import that began before midnight
    works = scene.works(days=(0, 9), certainty="planned")
    scene.repair(planned=(5, 6))
    scene.today += timedelta(days=1)
    assert scene.conn.scalar(sa.select(claims.c.overdue).where(claims.c.works_id == works)) is False
    scene.a_day_passes()
    assert day_change.check(scene.conn, scene.today).differences == {}


@pytest.mark.parametrize("what", ["a rule", "a parameter"])
def test_what_was_computed_with_other_numbers_is_computed_anew_within_the_hour(
    scene: Scene, what: str
) -> None:
    scene.works(days=(30, 44))
    scene.repair()
    scene.recompute()
    assert scene.night() is None
    if what == "a rule":  # as a new version of the service brings it
        row = scene.conn.execute(sa.select(rules).where(rules.c.id == "wasted_repair")).mappings().one()
        scene.conn.execute(sa.insert(rules).values({**row, "version": row["version"] + 1, "severity": "low"}))
    else:
        scene.conn.execute(sa.insert(parameters).values(name="critical_from_eur", value=1e9))
    night = scene.night()
    assert night is not None and night.kind == "full"
    assert scene.conflict("wasted_repair")["severity"] != "critical"
    assert scene.night() is None


def test_the_self_check_counts_what_is_not_as_a_full_run_has_it_and_mends_it(scene: Scene) -> None:
    scene.works(days=(30, 44))
    repair = scene.repair()
    scene.recompute()
    scene.conn.execute(sa.update(claims).where(claims.c.kind == "opening").values(probability=0.1))
    scene.conn.execute(sa.delete(claims).where(claims.c.kind == "defect"))
    scene.conn.execute(sa.update(conflicts).values(severity="info"))
    checked = day_change.check(scene.conn, scene.today)
    assert {what: row["number"] for what, row in checked.differences.items()} == {"claims": 2, "conflicts": 1}
    assert checked.differences["conflicts"]["first"] == [f"C-{scene.conflict('wasted_repair')['number']}"]
    assert checked.run.differences == 3
    assert scene.hold(repair)[0]
    assert day_change.check(scene.conn, scene.today).run.differences == 0


def test_a_check_since_a_moment_looks_around_what_was_written_from_then_on(scene: Scene) -> None:
    scene.works(days=(30, 44))
    repair = scene.repair()
    written = scene.recompute()
    scene.conn.execute(sa.delete(claims).where(claims.c.kind == "defect"))
    now = scene.conn.scalar(sa.func.now())
    later = day_change.check(scene.conn, scene.today, now + timedelta(hours=1))
    assert (later.run.works, later.run.repairs, later.differences) == (0, 0, {})
    checked = day_change.check(scene.conn, scene.today, now)
    assert (checked.run.works, checked.run.repairs) == (1, 1)
    assert {what: row["number"] for what, row in checked.differences.items()} == {"claims": 1}
    assert scene.hold(repair)[0]
    kinds = sa.select(recomputations.c.kind).order_by(recomputations.c.id)
    assert scene.conn.scalars(kinds).all()[-1] == written.kind, "a part is no self-check"


def test_a_self_check_on_a_new_day_does_not_count_what_the_day_changed(scene: Scene) -> None:
    scene.works(days=(1, 9), certainty="confirmed")
    scene.repair()
    scene.recompute()
    scene.today = TODAY + timedelta(days=3)
    checked = day_change.check(scene.conn, scene.today)
    assert checked.before is not None and checked.before.opened
    assert checked.run.differences == 0
