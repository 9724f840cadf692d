"""What it costs to look at everything, and how a single change grows with what is stored."""

from __future__ import annotations

from typing import Any

import psycopg

from geo_service import db, sql
from geo_service.bench.measure import Clock, Compared, MeasurementFailed
from geo_service.bench.region import PACKAGE
from geo_service.bench.saving import detection, savers

PAIRS_IN_OURS = "SELECT rule_id, a_kind, a_origin_id, b_kind, b_origin_id FROM ours"
PAIRS_IN_PEER = "SELECT rule_id, a_kind, a_origin_id, b_kind, b_origin_id FROM peer"


def full_run(url: str, server: int | None, times: int = 5) -> Compared:
    """All pairs of the stored claims: the service's statement against one written by hand. `server`: its process id, for the
    CPU of parallel workers. MeasurementFailed when they differ."""
    with psycopg.connect(
        url.replace("+psycopg", ""), options=db.SESSION_OPTIONS, prepare_threshold=None
    ) as conn:
        _, pairs, params = detection()
        params |= {"everything": True, "what_if": None}
        by_hand = sql.raw(PACKAGE, "peer_full")

        def ours(_: int) -> None:
            conn.execute("DROP TABLE IF EXISTS ours")
            conn.execute(f"CREATE TEMP TABLE ours AS {pairs}", params)

        def peer(_: int) -> None:
            conn.execute("DROP TABLE IF EXISTS peer")
            conn.execute(f"CREATE TEMP TABLE peer AS {by_hand}")

        compared = Clock(conn.info.backend_pid, reaper=server).compare(ours, peer, times)
        found, by_peer = (set(conn.execute(pairs_in)) for pairs_in in (PAIRS_IN_OURS, PAIRS_IN_PEER))
        same_pairs(found, by_peer)
        conn.rollback()
    return compared


def same_pairs(ours: set[tuple[Any, ...]], peer: set[tuple[Any, ...]]) -> None:
    """MeasurementFailed when one found what the other did not: then their times say nothing."""
    if ours != peer:
        raise MeasurementFailed(
            f"{len(ours - peer)} pairs are found by us only, {len(peer - ours)} by the peer only, such as "
            f"{next(iter(ours ^ peer))}"
        )


def growth(small: str, large: str, times: int = 100) -> Compared:
    """Saving one repair where much is stored (`ours`) against where little is (`peer`)."""
    with savers(small, times + 1) as few, savers(large, times + 1) as many:
        clock = Clock(*few.clock.others, *many.clock.others)
        return clock.compare(
            lambda turn: many.ours(many.places[turn]), lambda turn: few.ours(few.places[turn]), times
        )
