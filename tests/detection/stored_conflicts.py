"""What is stored after a history, to compare with what a full run finds."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from geo_service.coordination import advising
from geo_service.detection import run
from geo_service.domain.conflicts import AGREED, GONE
from geo_service.store.tables import conflicts
from tests.scenes import Scene


class FoundConflict(NamedTuple):
    """A conflict, in all that the truth must agree on; ids of rows do not matter."""

    pair: tuple[Any, ...]
    rule_version: int
    severity: str
    blocking: bool
    opportunity: bool
    a: dict[str, Any]
    b: dict[str, Any]
    facts: dict[str, Any]
    over_on: Any
    geom: bytes


def conflict_of(row: Any) -> FoundConflict:
    """A row of the store or of an answer."""
    pair = tuple(str(row[name]) for name in ("rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id"))
    rest = (
        row["rule_version"],
        row["severity"],
        row["blocking"],
        row["opportunity"],
        row["a"],
        row["b"],
        row["facts"],
        row["over_on"],
    )
    return FoundConflict(pair, *rest, str(row["geom"]))  # fmt: skip


def said_of(row: Any) -> tuple[str, str, str, str | None]:
    """What people decided on a pair: its status, and the agreement that holds."""
    holds = row["status"] in AGREED and row["agreement"]
    return row["rule_id"], str(row["b_origin_id"]), row["status"], row["agreement"]["kind"] if holds else None


def words_of(conn: sa.Connection, repair_id: UUID) -> set[tuple[str, str, str, str | None]]:
    """The same of the stored conflicts of a repair that are not over."""
    mine = sa.select(conflicts).where(conflicts.c.repair_id == repair_id, conflicts.c.status.not_in(GONE))
    return {said_of(row) for row in conn.execute(mine.where(sa.not_(conflicts.c.shadow))).mappings()}


def foretold(scene: Scene, asked: run.WhatIfRepair) -> list[FoundConflict]:
    """What somebody who asks now would be told."""
    answer = advising.of_what_if(scene.conn, asked, "normal", scene.today)
    return sorted(conflict_of(row) for row in answer.conflicts)


def live(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[FoundConflict]:
    """The stored conflicts that are not over."""
    columns = (
        *(c for c in conflicts.c if c.name != "geom"),
        sa.cast(conflicts.c.geom, sa.Text).label("geom"),
    )
    select = sa.select(*columns).where(conflicts.c.status.not_in(GONE), *where)
    return sorted(conflict_of(row) for row in conn.execute(select).mappings())


def of_repair(conn: sa.Connection, repair_id: UUID) -> list[FoundConflict]:
    """Those of one repair."""
    return live(conn, conflicts.c.repair_id == repair_id)


def differences(came: list[FoundConflict], foretold: list[FoundConflict]) -> list[Any]:
    """Only what differs, so that a failure can be read."""
    if [told.pair for told in came] != [told.pair for told in foretold]:
        return [[told.pair for told in came], [told.pair for told in foretold]]
    both = (
        (name, getattr(a, name), getattr(b, name))
        for a, b in zip(came, foretold, strict=True)
        for name in FoundConflict._fields
    )
    return [(name, is_, was) for name, is_, was in both if is_ != was]


def renamed(told: FoundConflict, was: UUID, now: UUID) -> FoundConflict:
    """As it would be told of the repair once it is stored."""
    pair = tuple(str(now) if part == str(was) else part for part in told.pair)
    return told._replace(pair=pair, a={**told.a, "repair_id": str(now)})
