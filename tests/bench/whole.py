"""What it costs to look at everything, and how a single change grows with what is stored."""

from __future__ import annotations

import psycopg

from geo_service import db
from tests.bench.measure import Clock, Compared
from tests.bench.region import FOLDER
from tests.bench.saving import detection, savers

PAIR = "rule_id, a_kind, a_origin_id, b_kind, b_origin_id"


def full_run(url: str, times: int = 5) -> Compared:
    """All pairs of the stored claims: the service's statement against one written by hand. AssertionError when they differ."""
    with psycopg.connect(
        url.replace("+psycopg", ""), options=db.SESSION_OPTIONS, prepare_threshold=None
    ) as conn:
        _, pairs, params = detection()
        params |= {"everything": True, "what_if": None}
        by_hand = (FOLDER / "peer_full.sql").read_text(encoding="utf-8")

        def ours(_: int) -> None:
            conn.execute("DROP TABLE IF EXISTS ours")
            conn.execute(f"CREATE TEMP TABLE ours AS {pairs}", params)

        def peer(_: int) -> None:
            conn.execute("DROP TABLE IF EXISTS peer")
            conn.execute(f"CREATE TEMP TABLE peer AS {by_hand}")

        compared = Clock(conn.info.backend_pid).compare(ours, peer, times)
        for one, other in (("ours", "peer"), ("peer", "ours")):
            missing = conn.execute(f"SELECT {PAIR} FROM {one} EXCEPT SELECT {PAIR} FROM {other}").fetchall()
            assert not missing, f"{len(missing)} pairs of {one} are not in {other}: {missing[:3]}"
        conn.rollback()
    return compared


def growth(small: str, large: str, times: int = 100) -> Compared:
    """Saving one repair where much is stored (`ours`) against where little is (`peer`)."""
    with savers(small, times + 1) as few, savers(large, times + 1) as many:
        clock = Clock(*few.clock.others, *many.clock.others)
        return clock.compare(
            lambda turn: many.ours(many.places[turn]), lambda turn: few.ours(few.places[turn]), times
        )
