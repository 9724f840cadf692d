"""The life of conflicts against the database, in any order: steps by every role, facts that change, undo, and days that pass.

`domain/lifecycle.py` and `permissions.py` foretell what a step does. After each move: the trail only grew, and replaying it gives the
stored states; every hold is the advice of now. At the end a full run finds nothing that is stored otherwise, and decides nothing anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from geo_service.coordination import advising, day_change, steps
from geo_service.domain.agreements import AGREEMENT_KINDS, Agreement, AgreementKind
from geo_service.domain.conflicts import AGREED, GONE
from geo_service.domain.errors import (
    GeoServiceError,
    InvalidTransition,
    NotAllowed,
    NotFound,
    VersionMismatch,
)
from geo_service.domain.lifecycle import STEPS
from geo_service.domain.permissions import PERMISSIONS, STEP_NAMES, WITH_THINGS_OF_OTHERS, StepName
from geo_service.domain.roles import Role
from geo_service.store.tables import conflict_events, conflicts, repairs
from tests.scenes import FLUVIUS, Scene

EXAMPLES, MOVES = 20, 14
PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
PEOPLE: tuple[Role, ...] = ("viewer", "workshop", "utilities_desk", "coordinator", "partner", "admin")
PARTNER = "proximus"
REASON = {"reason": "The mayor wants it done before the fair"}
TO_OPEN = ("reopened", "agreement_ended")

which = st.integers(0, 5)
days = st.sampled_from(((30, 44), (31, 45), (60, 70), (8, 20), (0, 3)))


class Life(RuleBasedStateMachine):
    """Two works over two repairs that are planned on one footpath."""

    conn: sa.Connection

    def __init__(self) -> None:
        super().__init__()
        self.transaction = self.conn.begin()
        self.scene = Scene(self.conn)
        self.trail: list[Any] = []
        self.past: dict[UUID, tuple[StepName, Role, str] | None] = {}
        """By conflict: the last step that can be undone, by whom, and the state before it."""

    @initialize()
    def footpath(self) -> None:
        self.scene.section((0, 0), 20, 2)
        self.works = [
            self.scene.works(days=(30, 44), certainty="confirmed"),
            self.scene.works(owner=FLUVIUS, at=(12, 0), length_m=8, days=(50, 60)),
        ]
        self.repairs = [
            self.scene.repair(at=(5, 1), planned=(10, 12)),
            self.scene.repair(at=(14, 1), scope="spot"),
        ]
        self.scene.recompute()
        self.trail = self._events()

    # People

    @rule(
        which=which,
        name=st.sampled_from(STEP_NAMES),
        role=st.sampled_from(PEOPLE),
        kind=st.sampled_from(AGREEMENT_KINDS),
    )
    def step(self, which: int, name: StepName, role: Role, kind: AgreementKind) -> None:
        """Somebody takes a step: what comes of it is what the tables say."""
        row = self._pick(which)
        expected = self._outcome(row, name, role)
        if isinstance(expected, str):
            self._take(row, name, role, kind)
            assert self._row(row["id"])["status"] == expected
            if name != "comment":
                self.past[row["id"]] = None if name == "undo" else (name, role, row["status"])
        else:
            with pytest.raises(expected):
                self._take(row, name, role, kind)
            assert self._row(row["id"]) == row

    @rule(which=which, role=st.sampled_from(PEOPLE))
    def stale(self, which: int, role: Role) -> None:
        """Who read an older version is told, and changes nothing."""
        row = self._pick(which)
        with pytest.raises(VersionMismatch if role in PERMISSIONS["assign"] else NotAllowed):
            self._take({**row, "version": row["version"] - 1}, "assign", role, "combine")
        assert self._row(row["id"]) == row

    # Facts

    @rule(which=which, days=days)
    def works_move(self, which: int, days: tuple[int, int]) -> None:
        self.scene.move_works(self.works[which % 2], days)
        self._detection()

    @rule(
        which=which,
        certainty=st.sampled_from(("cancelled", "confirmed", "indicative", "in_progress", "done")),
    )
    def works_become(self, which: int, certainty: Any) -> None:
        self.scene.set_certainty(self.works[which % 2], certainty)
        self._detection()

    @rule(which=which)
    def works_vanish(self, which: int) -> None:
        self.scene.vanish(self.works[which % 2])
        self._detection()

    @rule(days=st.sampled_from((1, 1, 3, 25)))
    def days_pass(self, days: int) -> None:
        self.scene.a_day_passes(days)
        steps.end_agreements(self.conn, self.scene.today)
        self._detection()

    @precondition(lambda self: self.scene.status(self.repairs[0]) not in ("done", "cancelled"))
    @rule()
    def repair_is_done(self) -> None:
        self.scene.complete(self.repairs[0], (self.scene.today - self.scene.day_zero).days)
        self._detection()

    # What is always so

    @invariant()
    def the_trail_only_grows(self) -> None:
        events = self._events()
        assert events[: len(self.trail)] == self.trail
        self.trail = events

    @invariant()
    def the_trail_tells_every_state(self) -> None:
        told: dict[UUID, Sequence[str]] = {}
        for event in self.trail:
            told[event.conflict_id] = _states(event, told.get(event.conflict_id, ()))
        for row in self._rows():
            assert row["status"] in told[row["id"]], (row["status"], told[row["id"]])

    @invariant()
    def every_hold_is_the_advice_of_now(self) -> None:
        advised = {
            one.repair_id: one.advice
            for one in advising.of_repairs(self.conn, self.repairs, self.scene.today)
        }
        for row in self.conn.execute(sa.select(repairs)).mappings():
            advice = advised.get(row["id"])
            now = (advice.blocked, advice.verdict, advice.until) if advice else (False, None, None)
            assert (row["held"], row["verdict"], row["verdict_until"]) == now

    def teardown(self) -> None:
        """A full run finds nothing to mend, and leaves what people decided."""
        try:
            before = {row["id"]: row["status"] for row in self._rows()}
            checked = day_change.check(self.conn, self.scene.today)
            assert checked.differences == {}
            assert {row["id"]: row["status"] for row in self._rows()} == before
        finally:
            self.transaction.rollback()

    def _outcome(self, row: dict[str, Any], name: StepName, role: Role) -> str | type[GeoServiceError]:
        """The state that the step leads to, or why it is refused."""
        if role not in PERMISSIONS[name]:
            return NotAllowed
        if role == "partner" and PARTNER not in (row["a"]["owner_group"], row["b"]["owner_group"]):
            return NotFound
        if row["status"] not in STEPS[name].sources:
            return InvalidTransition
        if name != "undo":
            return STEPS[name].target or row["status"]
        past = self.past.get(row["id"])
        if past is None:
            return InvalidTransition
        by_another = past[1] != role and role not in WITH_THINGS_OF_OTHERS["undo"]
        return NotAllowed if by_another else past[2]

    def _take(self, row: dict[str, Any], name: StepName, role: Role, kind: AgreementKind) -> None:
        agreement = Agreement(kind, self.scene.today + timedelta(days=5) if kind == "hold_until" else None)
        given = {
            "agree": steps.StepInput(agreement=agreement),
            "accept-risk": steps.StepInput(words=REASON),
            "comment": steps.StepInput(words={"text": "Gebeld"}),
            "assign": steps.StepInput(assignment={"department": "nutsen"}),
        }
        actor = steps.Actor(f"user:{role}", role, role, PARTNER if role == "partner" else None)
        steps.take(
            self.conn, row["id"], name, given.get(name, steps.StepInput()), actor, row["version"], self.scene.today
        )  # fmt: skip

    def _detection(self) -> None:
        """What detection did since cannot be undone; what it left alone can."""
        for event in self._events()[len(self.trail) :]:
            self.past[event.conflict_id] = None

    def _pick(self, which: int) -> dict[str, Any]:
        rows = self._rows()
        return rows[which % len(rows)]

    def _row(self, conflict_id: UUID) -> dict[str, Any]:
        [row] = [one for one in self._rows() if one["id"] == conflict_id]
        return row

    def _rows(self) -> list[dict[str, Any]]:
        columns = (
            conflicts.c[name] for name in ("id", "status", "version", "agreement", "department", "a", "b")
        )
        select = sa.select(*columns).where(conflicts.c.repair_id.is_not(None)).order_by(conflicts.c.number)
        return [dict(row) for row in self.conn.execute(select).mappings()]

    def _events(self) -> list[Any]:
        return list(self.conn.execute(sa.select(conflict_events).order_by(conflict_events.c.id)))


def _states(event: Any, before: Sequence[str]) -> Sequence[str]:
    """The states that an entry of the trail can leave a conflict in: one, but where an agreement comes along with it."""
    if event.kind in GONE:
        return (event.kind,)
    if event.kind in ("opened", *TO_OPEN):
        came_along = event.details.get("agreement") or [None, None]
        return AGREED if event.kind != "agreement_ended" and came_along[1] else ("open",)
    if event.kind in STEP_NAMES and event.kind != "comment":
        return (event.details["status"][1],)
    return before


def test_any_life_of_conflicts_is_as_the_tables_say(engine: sa.Engine) -> None:
    with engine.connect() as conn:
        Life.conn = conn
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=MOVES,
                deadline=None,
                phases=PHASES,
                print_blob=True,
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )
