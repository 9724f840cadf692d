"""All pairs from a folder of claims: the engines beside each other, and what is derived from our search beside joins written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from geo_service import db
from geo_service.analysis import dataset, engines, pairs
from geo_service.bench import peers
from geo_service.bench.measure import Clock, Comparison, MeasurementFailed, Run
from geo_service.bench.region import TODAY, region
from geo_service.cluster import Cluster
from geo_service.store import rules

Line = tuple[str, str, Comparison]
"""What, against what, and how they did."""
IN_PROCESS = ("postgis", "sedonadb")
"""Of Spark, most of the time at this size is its start."""
BY_HAND = {meeting.rule_id for meeting in peers.MEETINGS}


def lines(cluster: Cluster, claims: int, folder: Path, times: int) -> Iterator[Line]:
    """Each engine beside PostGIS, from files to pairs in memory; SedonaDB with the rules of the peer beside the peer.

    MeasurementFailed when they do not find the same.
    """
    engine = db.create_engine_for(region(cluster, claims), pool_size=1)
    with db.read(engine) as conn:
        in_force = [rules.from_row(row) for row in rules.in_force(conn)]
        clearance_m = rules.load_parameters(conn).unsure_clearance_m
        data = dataset.write(conn, folder / "claims", TODAY, clearance_m, in_force)
        backend = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    peers.claims_frame(engine).to_parquet(folder / "claims.parquet")
    hashes: dict[str, str] = {}

    def by(name: str) -> Run:
        def run(_: int) -> None:
            rows = engines.pairs_by(name, data, engines.Workplace(lambda: engine, folder))
            hashes[name] = pairs.digest(pairs.canonical(rows))

        return run

    names = IN_PROCESS
    costs = Clock(backend).compare_all(tuple(map(by, names)), times)
    if len(set(hashes.values())) > 1:
        raise MeasurementFailed(f"the engines find other pairs: {hashes}")
    for name, cost in zip(names[1:], costs[1:], strict=True):
        yield f"`--engine {name}`", "`--engine postgis`", Comparison(cost, costs[0])
    few = replace(data, rules=tuple(rule for rule in in_force if rule.id in BY_HAND))
    derived = Clock().compare(
        lambda _: engines.by_sedonadb(few), lambda _: peers.by_sedonadb(folder / "claims.parquet"), times
    )
    yield "`--engine sedonadb`, five rules", "SedonaDB, joins by hand", derived
    engine.dispose()
