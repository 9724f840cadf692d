"""Random histories on a patch of footpath, which the proofs that the full run is the truth play."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from hypothesis import strategies as st
from shapely import Point, box

from geo_service.coordination import advising, steps
from geo_service.detection import run
from geo_service.domain.agreements import AGREEMENT_KINDS, Agreement, AgreementKind
from geo_service.domain.errors import BlockedByWorks, InvalidTransition
from geo_service.domain.lifecycle import STEPS
from geo_service.store import organisations
from geo_service.store.tables import conflicts
from tests.detection.stored_conflicts import (
    conflict_of,
    differences,
    foretold,
    of_repair,
    renamed,
    said_of,
    words_of,
)
from tests.scenes import CITY, FLUVIUS, PROXIMUS, Scene, on_street

REASON = "The mayor wants it done before the fair"

starts = st.sampled_from((4, 10, 12, 30, 150, 200, 1, 0, -3, -40))
lengths = st.sampled_from((1, 2, 5, 14))
days = st.builds(lambda start, length: (start, start + length), starts, lengths)
soon = st.builds(
    lambda start, length: (start, start + length), st.sampled_from((0, 1, 3, 12)), st.sampled_from((1, 2))
)
places = st.tuples(st.sampled_from((0, 4, 8)), st.sampled_from((0, 1, 1, 3.5)))
owners = st.sampled_from((PROXIMUS, FLUVIUS, CITY))
certainties = st.sampled_from(
    ("planned", "planned", "confirmed", "confirmed", "in_progress", "indicative", "done", "cancelled")
)
surfaces = st.sampled_from(((), (), (), ("footpath",), ("carriageway",)))
which = st.integers(0, 7)


def step(name: str, **given_: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(name), st.fixed_dictionaries(given_))


works = step(
    "works", owner=owners, at=places, days=days, certainty=certainties, opens=st.sampled_from((True, True, True, False)), surfaces=surfaces,
    length_m=st.sampled_from((6, 20, 0.5)),
)  # fmt: skip
repair = step(
    "repair", at=places, scope=st.sampled_from(("section", "spot", "area")), urgency=st.sampled_from(("normal", "high", "danger")),
    planned=st.none() | soon,
)  # fmt: skip
said = st.sampled_from(
    (
        {"exclude_from_dig": True},
        {"exclude_from_dig": False},
        {"umbrella": True},
        {"umbrella": False},
        {"umbrella": None},
    )
)
# Something that must stay open beside the footpath, and a street that asks for rest
around = st.lists(
    st.one_of(
        step("building", at=st.sampled_from(((0, 3), (8, 2))), function=st.sampled_from(("school", "fire_station", "house"))),
        step("named_street"),
    ),
    max_size=2,
)  # fmt: skip
changes_ = st.one_of(
    step("move", which=which, days=st.none() | days, by_m=st.sampled_from((0, 0, 3, 30))),
    step("change_owner", which=which, owner=owners),
    step("set_certainty", which=which, certainty=certainties),
    step("delete", which=which),
    step("vanish", which=which),
    step("returns", which=which),
    step("schedule", which=which, days=soon, override=st.booleans()),
    step("complete", which=which, ago=st.sampled_from((0, 2)), scope=st.sampled_from(("spot", "section"))),
    step("cancel_repair", which=which),
    step("set_works", which=which, said=said),
    step("agree", which=which, kind=st.sampled_from(AGREEMENT_KINDS), until=st.sampled_from((None, 3, 12))),
    step("agree", which=which, kind=st.sampled_from(AGREEMENT_KINDS), until=st.sampled_from((None, 3, 12))),
    step("pass", days=st.sampled_from((1, 1, 2, 20))),
)
histories = st.tuples(
    st.integers(0, 2),  # pavement sections
    around,
    st.permutations((works, works, repair)).flatmap(lambda firsts: st.tuples(*firsts)),
    st.lists(st.one_of(changes_, changes_, works, repair), min_size=1, max_size=6),
)


class History:
    """Plays the steps, and checks on the way that what was foretold comes true."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.works: list[UUID] = []
        self.repairs: list[UUID] = []

    def play(self, name: str, values: dict[str, Any]) -> None:
        getattr(self, f"_{name}")(**values)

    def _works(self, **values: Any) -> None:
        self.works.append(self.scene.works(**values))

    def _building(self, **values: Any) -> None:
        self.scene.building(**values, address=("Gentsestraat", "12"))

    def _named_street(self) -> None:
        self.scene.named_street("Gentsestraat", 30)

    def _set_works(self, which: int, said: dict[str, bool | None]) -> None:
        for one in self._pick(self.works, which):
            self.scene.set_works(one, **said)

    def _repair(self, *, at: tuple[float, float], **values: Any) -> None:
        shape = box(at[0], at[1], at[0] + 5, at[1] + 3) if values["scope"] == "area" else Point(at)
        planned = values["planned"] and self._later(values["planned"])
        owner_group = organisations.group_of(self.scene.conn, CITY)
        period = planned and self.scene._period(planned)
        asked = run.WhatIfRepair(
            on_street(shape),
            values["scope"],
            owner_group,
            period and period.starts_on,
            period and period.ends_on,
            category=values.get("category", "loose_slab"),
        )
        told_before = foretold(self.scene, asked)
        made = self.scene.repair(shape=shape, **{**values, "planned": planned})
        self.repairs.append(made)
        came = of_repair(self.scene.conn, made)
        assert differences(came, [renamed(told, asked.id, made) for told in told_before]) == []

    def _move(self, which: int, days: tuple[int, int] | None, by_m: float) -> None:
        for one in self._pick(self.works, which):
            self.scene.move_works(one, days and self._later(days), by_m)

    def _change_owner(self, which: int, owner: str) -> None:
        for one in self._pick(self.works, which):
            self.scene.move_works(one, owner=owner)

    def _set_certainty(self, which: int, certainty: Any) -> None:
        for one in self._pick(self.works, which):
            self.scene.set_certainty(one, certainty)

    def _delete(self, which: int) -> None:
        for one in self._pick(self.works, which):
            if self.scene.is_shown(one):
                self.scene.delete_works(one)

    def _vanish(self, which: int) -> None:
        for one in self._pick(self.works, which):
            self.scene.vanish(one)

    def _returns(self, which: int) -> None:
        for one in self._pick(self.works, which):
            self.scene.returns(one)

    def _schedule(self, which: int, days: tuple[int, int], override: bool) -> None:
        for one in self._pick(self.repairs, which):
            asked = self.scene.asked(one, self._later(days))
            answer = advising.of_what_if(self.scene.conn, asked, "normal", self.scene.today)
            told_before = sorted(conflict_of(row) for row in answer.conflicts)
            words = {said_of(row) for row in answer.conflicts}
            role, because = ("coordinator", REASON) if override else ("workshop", None)
            try:
                self.scene.schedule(one, self._later(days), role, because)  # type: ignore[arg-type]
            except BlockedByWorks as blocked:
                assert not override and blocked.conflicts
            except InvalidTransition:
                continue
            else:
                assert differences(of_repair(self.scene.conn, one), told_before) == []
                assert override or words_of(self.scene.conn, one) == words
                assert not self.scene.hold(one)[0]

    def _complete(self, which: int, ago: int, scope: Any) -> None:
        for one in self._pick(self.repairs, which):
            if self.scene.status(one) not in ("done", "cancelled"):
                self.scene.complete(one, self._now() - ago, scope)

    def _agree(self, which: int, kind: AgreementKind, until: int | None) -> None:
        mine = sa.select(conflicts.c.id, conflicts.c.version).where(
            conflicts.c.repair_id.is_not(None), conflicts.c.status.in_(STEPS["agree"].sources)
        )
        rows = self.scene.conn.execute(mine.order_by(conflicts.c.number)).all()
        for row in rows[which % len(rows) :][:1] if rows else ():
            last = (until or 5) if kind == "hold_until" else until
            agreement = Agreement(kind, last and self.scene.today + timedelta(days=last))
            steps.take(
                self.scene.conn,
                row.id,
                "agree",
                steps.StepInput(agreement),
                steps.Actor("user:An", "An", "utilities_desk"),
                row.version,
                self.scene.today,
            )

    def _cancel_repair(self, which: int) -> None:
        for one in self._pick(self.repairs, which):
            if self.scene.status(one) != "done":
                self.scene.cancel_repair(one)

    def _pass(self, days: int) -> None:
        self.scene.a_day_passes(days)

    def _miss(self, days: int) -> None:
        """The days pass, and no night is looked at."""
        self.scene.today += timedelta(days=days)

    def _now(self) -> int:
        return (self.scene.today - self.scene.day_zero).days

    def _later(self, span: tuple[int, int]) -> tuple[int, int]:
        return span[0] + self._now(), span[1] + self._now()

    @staticmethod
    def _pick(known: list[UUID], which: int) -> list[UUID]:
        return [known[which % len(known)]] if known else []
