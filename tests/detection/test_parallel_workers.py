"""The search of a full run is shared out among PostgreSQL's parallel workers, and then finds the same."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from geo_service import city, db, sql
from geo_service.detection import run
from geo_service.domain.parameters import Parameters
from tests.scenes import FLUVIUS, PROXIMUS, TODAY, Scene

# Enough for workers to be worth it
COPIES = """
    INSERT INTO claims (kind, origin_id, group_id, works_id, owner_group_id, starts, ends, stated_starts, stated_ends, certainty, probability,
        firm, umbrella, overdue, surfaces, sides, geom)
    SELECT kind, copy_id, copy_id, works_id, owner_group_id, starts, ends, stated_starts, stated_ends, certainty, probability,
        firm, umbrella, overdue, surfaces, sides, ST_Translate(geom, 50 * (n % 100), 50 * (n / 100))
    FROM claims, LATERAL (SELECT n, gen_random_uuid() AS copy_id FROM generate_series(1, 20000) n OFFSET 0) copy
    WHERE owner_group_id = 'proximus'"""


def test_workers_look_around_the_claims_and_find_the_same(scene: Scene) -> None:
    scene.works(PROXIMUS, days=(30, 44))
    scene.works(FLUVIUS, days=(40, 60), length_m=2000)
    for statement in (COPIES, "ANALYZE claims, rules", "SET LOCAL min_parallel_table_scan_size = 0"):
        scene.conn.execute(sa.text(statement))
    shared = [node for node in nodes(plan(scene)) if node["Node Type"].startswith("Gather")]
    # both sides of a pair, not only the list of whom to look from
    assert [list(tables(node)).count("claims") for node in shared] == [2]
    by_workers = pairs(scene)
    scene.conn.execute(sa.text("SET LOCAL max_parallel_workers_per_gather = 0"))
    assert len(by_workers) == 41  # every 50 m, and the one that the others are copies of
    assert pairs(scene) == by_workers


def plan(scene: Scene) -> dict[str, Any]:
    """How PostgreSQL would run the detection of everything."""
    detect = sql.statement(run.PACKAGE, "detect", what_if="NULL", everything="true")
    text = f"EXPLAIN (FORMAT JSON) CREATE TEMP TABLE found AS {detect.text}"
    params = run.params_of(run.EVERYTHING, TODAY, Parameters(), city.load())
    with db.pipeline(scene.conn) as line:
        [[[explained]]] = line.send(sql.Statement(text, detect.parameters), params).fetchall()
    node: dict[str, Any] = explained["Plan"]
    return node


def pairs(scene: Scene) -> set[tuple[Any, ...]]:
    """What a full run finds among the claims as they are stored."""
    run.find(scene.conn, run.EVERYTHING, TODAY)
    found = scene.conn.execute(sa.text("SELECT rule_id, a_origin_id, b_origin_id FROM found_conflicts"))
    return {tuple(row) for row in found}


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan and all below it."""
    yield node
    for below in node.get("Plans", []):
        yield from nodes(below)


def tables(node: dict[str, Any]) -> Iterator[str]:
    """What is read below a node."""
    return (below["Relation Name"] for below in nodes(node) if "Relation Name" in below)
