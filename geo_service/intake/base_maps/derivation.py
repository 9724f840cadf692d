"""Derive sections from the base maps, one square at a time, and recompute the claims on the ground that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from uuid import UUID

import shapely
import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.coordination import changes, day_change
from geo_service.detection.run import Subject
from geo_service.domain.geometry import hex_ewkb
from geo_service.intake.base_maps.sections import sections
from geo_service.intake.base_maps.shapes import Axis, House, Neighbours, Section, Surface
from geo_service.store import locks
from geo_service.store.tables import base_tiles, conflict_events, conflicts

PACKAGE = "geo_service.intake.base_maps"
SOURCE = "base"
"""The source of streets that are derived from axes."""
MARGIN_M = 60.0
"""The reach of a change (m): from pavement to an axis, from an axis to a façade."""
MANY_TILES = 300
"""From this number of squares on, claims are computed once at the end and not per square."""
COLUMNS = (
    "source",
    "code",
    "kind",
    "street",
    "side",
    "number_from",
    "number_to",
    "material",
    "laid_on",
    "derived",
    "base_id",
    "geom",
)


def derive(
    conn: sa.Connection,
    today: date,
    *,
    dry: bool = False,
    note: Callable[[int, int, int], None],
    go_on: Callable[[], None],
) -> None:
    """Derive every square that is noted, also those that a killed import left behind.

    `note` hears, in the transaction of each square, (squares done, of how many, conflicts that this opened); `go_on` is called before each and
    may raise. The caller has the reference map for itself (`wait_policy.with_map`).

    A `dry` run stands within a transaction of the caller's. Each of its squares is rolled back at once, and with it the writers' lock: PostgreSQL
    gives back what was taken after a savepoint. So no square sees the sections of another, and a conflict that lies in two is counted once.
    """
    seen: set[tuple[Any, ...]] = set()

    def step() -> AbstractContextManager[sa.Transaction]:
        return conn.begin_nested() if dry else conn.begin()

    with step():
        squares = _noted_squares(conn)
    at_once = len(squares) > MANY_TILES and not dry
    for done, (x, y) in enumerate(squares, start=1):
        go_on()
        with step():
            base_ids, pieces = _sections(conn, x, y)
        with step() as square:
            locks.claims_writer(conn)
            before = _last_event(conn) if dry else 0
            _store(conn, base_ids, pieces)
            opened = 0
            if not at_once:
                opened = _compute(conn, x, y, today)
                conn.execute(sa.delete(base_tiles).where(base_tiles.c.x == x, base_tiles.c.y == y))
            if dry:
                fresh = _opened_since(conn, before) - seen
                seen, opened = seen | fresh, len(fresh)
            note(done, len(squares), opened)
            if dry:
                square.rollback()
    if at_once:
        with step():
            locks.claims_writer(conn)
            opened = day_change.recompute(conn, today).opened
            conn.execute(sa.delete(base_tiles))
            note(len(squares), len(squares), opened)


def _noted_squares(conn: sa.Connection) -> list[tuple[int, int]]:
    rows = conn.execute(sa.select(base_tiles.c.x, base_tiles.c.y).order_by(base_tiles.c.x, base_tiles.c.y))
    return [(x, y) for x, y in rows]


def _last_event(conn: sa.Connection) -> int:
    return conn.scalar(sa.select(sa.func.max(conflict_events.c.id))) or 0


def _opened_since(conn: sa.Connection, event: int) -> set[tuple[Any, ...]]:
    """The pairs of the conflicts that opened after this event; their ids change each time they are found."""
    c = conflicts.c
    pair = sa.select(c.rule_id, c.a_kind, c.a_origin_id, c.b_kind, c.b_origin_id)
    events = conflict_events.c
    opened = sa.and_(events.id > event, events.kind.in_(("opened", "reopened")))
    return {tuple(row) for row in conn.execute(pair.join_from(conflicts, conflict_events).where(opened))}


def streets(conn: sa.Connection) -> list[UUID]:
    """Make the stored streets equal to the axes; return the new and the moved ones."""
    return [row["id"] for row in db.fetch(conn, PACKAGE, "streets", source=SOURCE)]


def _sections(conn: sa.Connection, x: int, y: int) -> tuple[list[int], list[Section]]:
    """The shapes in a square and their sections; each shape is cut as a whole, so that every square gives
    the same sections.
    """
    rows = db.fetch(conn, PACKAGE, "surfaces", x=x, y=y, margin_m=MARGIN_M)
    surfaces = [Surface(**{**row, "geom": shapely.from_wkb(row["geom"])}) for row in rows]
    if not surfaces:
        return [], []
    near = _box([one.geom for one in surfaces])
    axes = _axes(conn, near)
    margin_box = _box(
        [shapely.box(near["west"], near["south"], near["east"], near["north"]), *(one.geom for one in axes)]
    )
    beside: dict[str, list[Any]] = defaultdict(list)
    for row in db.fetch(conn, PACKAGE, "facades", **margin_box):
        geom, is_building = shapely.from_wkb(row["geom"]), row["what"] == "building"
        beside[row["what"]].append(House(geom, row["street"], row["number"]) if is_building else geom)
    neighbours = Neighbours(
        _axes(conn, margin_box), beside["building"], beside["kerb"], beside["parcel"], beside["footpath"]
    )
    return [one.id for one in surfaces], sections(surfaces, neighbours)


def _axes(conn: sa.Connection, box: dict[str, Any]) -> list[Axis]:
    """The axes; one of several lines becomes several axes with one name."""
    axes = []
    for row in db.fetch(conn, PACKAGE, "axes", **box):
        lines = [part for part in shapely.get_parts(shapely.from_wkb(row["geom"])) if part.length > 1]
        for place, line in enumerate(lines):
            name, right = row["name"] or row["name_right"], row["name_right"] or row["name"]
            axes.append(Axis(row["id"] * 100 + min(place, 99), name, right, line))
    return axes


def _box(shapes: Sequence[BaseGeometry]) -> dict[str, Any]:
    west, south, east, north = shapely.total_bounds(shapes)
    return {
        "west": west - MARGIN_M,
        "south": south - MARGIN_M,
        "east": east + MARGIN_M,
        "north": north + MARGIN_M,
    }


def _store(conn: sa.Connection, base_ids: Sequence[int], pieces: Sequence[Section]) -> None:
    db.execute(conn, PACKAGE, "sections_stage")
    rows = (
        (
            *(getattr(one, name) for name in COLUMNS[:-1]),
            hex_ewkb(one.geom),
        )
        for one in pieces
    )
    db.copy(conn, "fresh_sections", COLUMNS, rows)
    db.execute(conn, PACKAGE, "sections_store", base_ids=list(base_ids))


def _compute(conn: sa.Connection, x: int, y: int, today: date) -> int:
    """Recompute claims and conflicts in and near the square."""
    touched: dict[str, list[UUID]] = defaultdict(list)
    for row in db.fetch(conn, PACKAGE, "touched", x=x, y=y, margin_m=MARGIN_M):
        touched[row["what"]].append(row["id"])
    if not touched:
        return 0
    subject = Subject(touched["works"], touched["repair"], touched["building"], touched["street"])
    return changes.record(conn, subject, today).opened
