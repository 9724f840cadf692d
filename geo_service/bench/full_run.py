"""What it costs to look at everything, and how a single change grows with what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import psycopg
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.bench import peers
from geo_service.bench.measure import Clock, Comparison, MeasurementFailed, Run
from geo_service.bench.region import PACKAGE
from geo_service.bench.saving import detection, savers, send

PAIRS_OF = "SELECT rule_id, a_kind, CAST(a_origin_id AS text), b_kind, CAST(b_origin_id AS text) FROM"
PAIRS_OF_OURS, PAIRS_OF_PEER = f"{PAIRS_OF} ours", f"{PAIRS_OF} peer"


@dataclass(frozen=True)
class Full:
    """The full run beside each peer; `missing` says which library is not installed."""

    by_hand: Comparison
    by_geopandas: Comparison
    by_sedonadb: Comparison | None
    missing: str | None


def full_run(url: str, server: int | None, folder: Path, times: int = 5) -> Full:
    """All conflicts of the stored claims, by the service's statement and by each peer. `server`: PostgreSQL's process id, for the CPU of
    parallel workers; `folder`: for the file that SedonaDB reads. MeasurementFailed when they do not find the same."""
    engine = db.create_engine_for(url, pool_size=1)
    file = folder / "claims.parquet"
    frames: dict[str, pd.DataFrame] = {}
    lacking = peers.missing("sedonadb")
    with psycopg.connect(
        url.replace("+psycopg", ""), options=db.SESSION_OPTIONS, prepare_threshold=None
    ) as conn:
        # the peers know no others
        others_sleep = "UPDATE rules SET state = 'retired' WHERE id <> ALL(%s)"
        conn.execute(others_sleep, [[meeting.rule_id for meeting in peers.MEETINGS]])
        _, statement, params = detection()
        params |= {"everything": True, "what_if": None}
        with db.read(engine) as reading:
            others = [conn.info.backend_pid, reading.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()]

        def ours(_: int) -> None:
            conn.execute("DROP TABLE IF EXISTS ours")
            send(
                conn,
                sql.Statement(f"CREATE TEMP TABLE ours AS {statement.text}", statement.parameters),
                params,
            )

        def by_hand(_: int) -> None:
            conn.execute("DROP TABLE IF EXISTS peer")
            conn.execute(f"CREATE TEMP TABLE peer AS {sql.source(PACKAGE, 'peer_full')}")

        def by_geopandas(_: int) -> None:
            frames["GeoPandas"] = peers.by_geopandas(engine)

        def by_sedonadb(_: int) -> None:
            frames["SedonaDB"] = peers.by_sedonadb(file)

        runs: tuple[Run, ...] = (ours, by_hand, by_geopandas)
        if lacking is None:
            peers.claims_frame(engine).to_parquet(file)
            runs = (*runs, by_sedonadb)
        costs = Clock(*others, reaper=server).compare_all(runs, times)
        ours_pairs, hand = (set(conn.execute(select)) for select in (PAIRS_OF_OURS, PAIRS_OF_PEER))
        conn.rollback()
    engine.dispose()
    same_pairs(ours_pairs, "joins by hand", hand)
    for name, frame in frames.items():
        same_pairs(ours_pairs, name, peers.pairs(frame))
    sedona = Comparison(costs[0], costs[3]) if lacking is None else None
    return Full(Comparison(costs[0], costs[1]), Comparison(costs[0], costs[2]), sedona, lacking)


def same_pairs(ours: peers.Pairs, name: str, theirs: peers.Pairs) -> None:
    """MeasurementFailed when one found what the other did not: then their times say nothing."""
    if ours != theirs:
        raise MeasurementFailed(
            f"{name}: {len(ours - theirs)} pairs are found by us only, {len(theirs - ours)} by them only, such as "
            f"{next(iter(ours ^ theirs))}"
        )


def growth(small: str, large: str, times: int = 100) -> Comparison:
    """Saving one repair where much is stored (`ours`) against where little is (`peer`)."""
    with savers(small, times + 1) as few, savers(large, times + 1) as many:
        clock = Clock(*few.clock.others, *many.clock.others)
        return clock.compare(
            lambda turn: many.ours(many.places[turn]), lambda turn: few.ours(few.places[turn]), times
        )
