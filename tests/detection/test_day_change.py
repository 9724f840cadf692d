"""Time passes by itself: a night looks at what the day can have changed, and comes to what a full run comes to, alerts included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from geo_service.coordination import day_change, learning
from geo_service.store import rules
from geo_service.store.tables import (
    alerts,
    certainties,
    claims,
    conflict_events,
    conflicts,
    repairs,
)
from tests.detection.histories import History, changes_, repair, step, works
from tests.detection.test_full_run_is_the_truth import PHASES, patch
from tests.detection.test_reliability import held_for, played
from tests.scenes import FLUVIUS, PROXIMUS, Scene

__all__ = ["patch"]

HISTORIES = 25

# Works that the nights to come meet: they begin, end or are late by then.
near = step(
    "works", owner=st.just(PROXIMUS), at=st.sampled_from(((0, 0), (0, 1))), length_m=st.just(20),
    days=st.sampled_from(((1, 3), (2, 9), (4, 6), (-3, 2), (184, 190))), certainty=st.sampled_from(("planned", "confirmed", "in_progress")),
)  # fmt: skip
# A night that nobody saw: the worker was down, while people went on working.
missed = step("miss", days=st.sampled_from((1, 2, 3)))
nights_ = st.lists(st.sampled_from((1, 1, 2, 4, 5, 9, 17, 31, 170, 400, 731)), min_size=2, max_size=3)
histories = st.tuples(
    st.integers(0, 2),
    st.permutations((near, works, repair)).flatmap(lambda firsts: st.tuples(*firsts)),
    st.lists(st.one_of(changes_, changes_, works, repair, missed), max_size=4),
    nights_,
)


class Nights(History):
    """Each night is played twice from the same evening: as a full run, which is undone, and as the worker does it."""

    def _pass(self, days: int) -> None:
        scene = self.scene
        before = scene.conn.scalar(sa.select(sa.func.max(alerts.c.seq))) or 0
        self._miss(days)
        evening = scene.conn.begin_nested()
        learning.learn(scene.conn, scene.today)
        scene.recompute()
        truth = picture(scene.conn, before)
        evening.rollback()
        night = scene.night()
        assert night is not None and night.kind == "night"
        came = picture(scene.conn, before)
        assert {name: differs(came[name], truth[name]) for name in truth} == dict.fromkeys(truth, ([], []))


def picture(conn: sa.Connection, after: int) -> dict[str, list[Any]]:
    """All that people may see, and who was told what since place `after` of the feed; new rows have other ids and numbers each time."""
    name = sa.func.concat(
        *(conflicts.c[part] for part in ("rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id"))
    )
    new = {"id", "number", "geom", "version", "created_at", "updated_at"}
    told = (
        sa.select(alerts.c.type, alerts.c.repair_id, alerts.c.departments, alerts.c.data, name)
        .outerjoin(conflicts, conflicts.c.id == alerts.c.conflict_id)
        .where(alerts.c.seq > after)
    )
    trail = sa.select(name, conflict_events.c.kind, conflict_events.c.details).join(conflicts)
    return {
        "claims": _rows(conn, sa.select(*_columns(claims, {"id", "geom"}))),
        "conflicts": _rows(conn, sa.select(*_columns(conflicts, new))),
        "holds": _rows(conn, sa.select(repairs.c.id, repairs.c.held, repairs.c.verdict, repairs.c.verdict_until)),
        "alerts": [
            str([*row[:3], {**row.data, "number": None}, row[4]]) for row in conn.execute(told)
        ],
        "trail": _rows(conn, trail),
    }  # fmt: skip


def _columns(table: sa.Table, without: set[str]) -> list[sa.ColumnElement[Any]]:
    named = [column for column in table.c if column.name not in without]
    return [*named, sa.cast(table.c.geom, sa.Text)]


def _rows(conn: sa.Connection, select: sa.Select[Any]) -> list[Any]:
    return [str(tuple(row)) for row in conn.execute(select)]


def differs(came: list[Any], truth: list[Any]) -> tuple[list[Any], list[Any]]:
    """What is too much, and what is missing."""
    return list((Counter(came) - Counter(truth)).elements()), list(
        (Counter(truth) - Counter(came)).elements()
    )


def test_any_night_after_any_history_comes_to_what_a_full_run_comes_to(patch: sa.Connection) -> None:
    told: list[int] = []

    @settings(
        max_examples=HISTORIES, deadline=None, print_blob=True, phases=PHASES, suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(histories)
    def check(history: tuple[int, tuple[Any, ...], list[Any], list[int]]) -> None:
        sections, beginning, rest, last = history
        with patch.begin() as transaction:
            scene = Scene(patch)
            for number in range(sections):
                scene.section((number * 8, 0), 8, 2)
            played = Nights(scene)
            for name, values in (*beginning, *rest):
                played.play(name, values)
            evening = patch.scalar(sa.select(sa.func.max(alerts.c.seq))) or 0
            for days in last:
                played.play("pass", {"days": days})
            checked = day_change.check(patch, scene.today)
            assert checked.differences == {}
            told.append((patch.scalar(sa.select(sa.func.max(alerts.c.seq))) or 0) - evening)
            transaction.rollback()
        event(f"told overnight: {min(told[-1], 3)}")

    check()
    assert sum(number > 0 for number in told) > 0.3 * len(told), "too few nights with news to prove much"


def slack(scene: Scene, certainty: str, days: int) -> None:
    row = sa.update(certainties).where(certainties.c.certainty == certainty)
    scene.conn.execute(row.values(slack_after_days=days))
    scene.recompute()


# What a night can bring, one line of recompute_scope.sql at a time: how it comes about, after how many days, and what is then told.
REASONS: dict[str, tuple[Callable[[Scene], Any], int, list[str]]] = {
    "a repair without days would be done today": (
        lambda s: (s.works(days=(1, 9), certainty="in_progress"), s.repair()), 1, ["conflict.opened"],
    ),
    "a repair's days are past": (
        lambda s: (s.works(days=(2, 9), opens=False), s.repair(planned=(0, 1))), 2, ["conflict.opened"],
    ),
    "a guarantee ends": (
        lambda s: (s.works(days=(-20, -10), certainty="done"), s.repair()), 721, ["conflict.expired", "advice.changed"],
    ),
    "an investment ends": (
        lambda s: (s.complete(s.repair(), scope="spot"), s.works(days=(700, 800), certainty="in_progress")), 730, ["conflict.expired"],
    ),
    "two sites have gone": (
        lambda s: (s.works(days=(1, 4), certainty="confirmed"), s.vanish(s.works(FLUVIUS, days=(2, 4), certainty="confirmed"))),
        4, ["conflict.expired"],
    ),
    "works should have begun": (
        lambda s: (s.works(days=(3, 9)), s.repair()), 4, ["conflict.changed"],
    ),
    "works run on past their end": (
        lambda s: (slack(s, "in_progress", 4), s.works(days=(-5, 2), certainty="in_progress"), s.repair(planned=(20, 21))), 5, [],
    ),
    "works come within the look-ahead": (
        lambda s: (s.works(days=(184, 190)), s.repair(planned=(9, 10))), 1, ["conflict.changed", "repair.held"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("nights_missed", [0, 3])
def test_what_a_night_can_bring(scene: Scene, reason: str, nights_missed: int) -> None:
    happens, days, told = REASONS[reason]
    scene.recompute()
    happens(scene)
    if days > 1:
        scene.a_day_passes(days - 1)
    evening = len(scene.alerts())
    scene.a_day_passes(1 + nights_missed)
    assert scene.alerts(after=evening)[: len(told)] == told
    assert day_change.check(scene.conn, scene.today).differences == {}


def test_what_is_learnt_overnight_counts_for_the_works_of_that_owner(scene: Scene) -> None:
    rules.set_parameter(scene.conn, "learn_reliability", 0, "until the last night")
    played(scene, PROXIMUS, moved_to=(10, 60), number=10)
    assert held_for(scene, PROXIMUS, 0) == 25
    rules.set_parameter(scene.conn, "learn_reliability", 1, "until the last night")
    scene.recompute()
    scene.today += timedelta(days=1)
    night = scene.night()
    assert night is not None and (night.kind, night.works) == ("night", 1)  # what is done has no slack
    until = scene.conn.scalar(sa.select(repairs.c.verdict_until))
    assert until == scene.today + timedelta(days=20 + 25 - 1)
    assert scene.alerts()[-1] == "repair.hold_moved"
    assert day_change.check(scene.conn, scene.today).differences == {}
