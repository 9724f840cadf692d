"""What detection costs for what changed, and for what is only asked."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.bench.measure import Clock, Comparison, Cost
from geo_service.bench.region import TODAY
from geo_service.bench.saving import ENDS, STARTS, savers
from geo_service.coordination import changes
from geo_service.detection import run
from geo_service.store import locks

COMING = """
    SELECT w.id FROM works w JOIN phases p ON p.works_id = w.id WHERE lower(p.during) > :today ORDER BY md5(CAST(w.id AS text)) LIMIT :most"""
PUT_OFF = """
    UPDATE phases SET during = daterange(lower(during) + 1, upper(during) + 1) WHERE works_id = ANY(:works_ids)"""


def put_off(url: str, counts: tuple[int, ...], times: int, few: int) -> list[tuple[int, Comparison]]:
    """Works that start a day later: one works each time, and so many in one go, with all that follows; both as the cost of one works.

    Undone every time, so that each run finds the same.
    """
    engine = db.create_engine_for(url)
    try:
        with engine.connect() as conn:
            params = {"today": TODAY, "most": max(counts)}
            works_ids = list(conn.scalars(sa.text(COMING), params))
            clock = Clock(conn.execute(sa.text("SELECT pg_backend_pid()")).scalar_one())
        single = clock.cost(lambda turn: _put_off(engine, [works_ids[turn % len(works_ids)]]), times)
        return [(count, _together(clock, engine, works_ids[:count], single, few)) for count in counts]
    finally:
        engine.dispose()


def _together(clock: Clock, engine: sa.Engine, works_ids: list[UUID], single: Cost, few: int) -> Comparison:
    together = clock.cost(lambda _: _put_off(engine, works_ids), few)
    return Comparison(together.for_each(len(works_ids)), single)


def _put_off(engine: sa.Engine, works_ids: list[UUID]) -> None:
    with engine.connect() as conn, conn.begin() as transaction:
        locks.claims_writer(conn)
        conn.execute(sa.text(PUT_OFF), {"works_ids": works_ids})
        changes.record(conn, run.Subject(works_ids=works_ids), TODAY)
        transaction.rollback()


def what_if(url: str, times: int) -> tuple[Comparison, Comparison]:
    """A repair that is only asked about, against the same question asked bare, and against the question written by hand."""
    with savers(url, times + 1) as by:

        def ours(turn: int) -> None:
            repair = run.WhatIfRepair(by.places[turn], "section", "city", STARTS, ENDS)
            with db.read(by.engine) as conn:
                run.what_if(conn, repair, TODAY)

        def same(turn: int) -> None:
            with by.bare.transaction():
                by.ask(by.places[turn], by.owner)

        def by_hand(turn: int) -> None:
            with by.bare.transaction():
                by.find_by_hand(by.places[turn])

        measured, bare, hand = by.clock.compare_all((ours, same, by_hand), times)
    return Comparison(measured, bare), Comparison(measured, hand)
