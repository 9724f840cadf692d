"""What it costs to save one repair with all that follows from it, beside an INSERT and the question alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.rows import dict_row
from shapely import Point

from geo_service import city, db, sql
from geo_service.bench.measure import Clock, Comparison, MeasurementFailed
from geo_service.bench.region import PACKAGE, TODAY
from geo_service.coordination import changes
from geo_service.detection import run
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.parameters import Parameters
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairDraft
from geo_service.store import locks, repairs

SAVES = 200
STARTS, ENDS = TODAY + timedelta(days=3), TODAY + timedelta(days=4)
INSERT = """
    INSERT INTO repairs (owner_id, category, scope, urgency, geom, planned, description)
    VALUES (%(owner)s, 'loose_slab', 'section', 'normal', %(geom)s, daterange(%(starts)s, %(ends)s), 'bench') RETURNING id"""
# Half of the places lie where works are to come, half anywhere on a footpath.
PLACES = """
    (SELECT ST_X(at), ST_Y(at) FROM (SELECT ST_PointOnSurface(geom) AS at FROM claims
     WHERE kind = 'opening' AND starts > :today ORDER BY md5(CAST(id AS text)) LIMIT :half) works)
    UNION ALL
    (SELECT ST_X(at), ST_Y(at) FROM (SELECT ST_Centroid(geom) AS at FROM pavement_sections ORDER BY md5(code) LIMIT :half) footpaths)"""


class Savers:
    """Three ways to save the repair of the next place: ours, bare, and bare by hand."""

    def __init__(self, url: str, places: int = SAVES) -> None:
        self.engine = db.create_engine_for(url)
        self.bare = psycopg.connect(
            url.replace("+psycopg", ""), row_factory=dict_row, options=db.SESSION_OPTIONS
        )
        with self.engine.connect() as conn:
            points = conn.execute(sa.text(PLACES), {"today": TODAY, "half": places // 2 + 1}).all()
            self.ours_pid = conn.scalar(sa.text("SELECT pg_backend_pid()"))
            self.owner = conn.scalar(sa.text("SELECT id FROM organisations WHERE name = 'Stad Izegem'"))
        self.detection = detection()
        # works and footpaths in turn
        self.places = [
            Point(*xy)
            for pair in zip(points[: len(points) // 2], points[len(points) // 2 :], strict=True)
            for xy in pair
        ]
        self.clock = Clock(self.ours_pid, self.bare.info.backend_pid)

    def ours(self, place: Point) -> None:
        """As `POST /repairs` with days does, without the schedule guard."""
        draft = RepairDraft(
            "loose_slab", "section", "normal", place, "Stad Izegem", "bench", planned=Period(STARTS, ENDS)
        )
        with db.write(self.engine) as conn:
            locks.claims_writer(conn)
            changes.record(conn, run.Subject(repair_ids=[repairs.create(conn, draft)]), TODAY)

    def same_question(self, place: Point) -> None:
        """INSERT, and the detection statements of the service asked as what-if, by psycopg in one transaction."""
        with self.bare.transaction():
            self.ask(place, self._insert(place)["id"])

    def by_hand(self, place: Point) -> None:
        """INSERT, and one SELECT written for this case, by psycopg in one transaction."""
        with self.bare.transaction():
            self._insert(place)
            self.find_by_hand(place)

    def find_by_hand(self, place: Point) -> None:
        """The SELECT written for this case."""
        params = {"geom": hex_ewkb(place), "starts": STARTS, "ends": ENDS}
        self.bare.execute(sql.source(PACKAGE, "peer_find"), params).fetchall()

    def ask(self, place: Point, repair_id: object) -> list[dict[str, Any]]:
        """The claims of a repair and the pairs around them, without storing anything."""
        repair = {
            "id": str(repair_id), "scope": "section", "category": "loose_slab", "status": "scheduled", "starts": str(STARTS), "ends": str(ENDS),
            "owner_group_id": "city", "geom": hex_ewkb(place),
        }  # fmt: skip
        claims_of, pairs_of, params = self.detection
        claims = send(self.bare, claims_of, {**params, "what_if": json.dumps([repair])}).fetchall()
        return send(self.bare, pairs_of, {**params, "what_if": json.dumps(claims, default=str)}).fetchall()

    def close(self) -> None:
        """Take out what was saved."""
        self.bare.execute(sql.source(PACKAGE, "forget"))
        self.bare.commit()
        self.bare.close()
        self.engine.dispose()

    def _insert(self, place: Point) -> dict[str, Any]:
        values = {"owner": self.owner, "geom": hex_ewkb(place), "starts": STARTS, "ends": ENDS}
        row = self.bare.execute(INSERT, values).fetchone()
        if row is None:
            raise MeasurementFailed("the repair was not stored")
        return row


@contextmanager
def savers(url: str, places: int = SAVES) -> Iterator[Savers]:
    """Ready to save, and cleaned up afterwards."""
    made = Savers(url, places)
    try:
        yield made
    finally:
        made.close()


def save(url: str, times: int = SAVES) -> tuple[Comparison, Comparison]:
    """Ours against the same question asked bare, and against the question written by hand."""
    with savers(url, times + 1) as by:

        def against(peer: Callable[[Point], object]) -> Comparison:
            return by.clock.compare(
                lambda turn: by.ours(by.places[turn]), lambda turn: peer(by.places[turn]), times
            )

        return against(by.same_question), against(by.by_hand)


def send(
    conn: psycopg.Connection[Any], statement: sql.Statement, params: Mapping[str, Any]
) -> psycopg.RawCursor[dict[str, Any]]:
    """As psycopg does it when nobody thinks about speed: prepared once it was sent five times."""
    return psycopg.RawCursor(conn, row_factory=dict_row).execute(
        statement.text.encode(), statement.values(params)
    )


def detection() -> tuple[sql.Statement, sql.Statement, dict[str, Any]]:
    """The two statements of a what-if, and the parameters that do not depend on the place."""
    claims, pairs = (sql.statement(run.PACKAGE, name) for name in ("claims_repairs", "detect"))
    return claims, pairs, run.params_of(run.Subject(), TODAY, Parameters(), city.load())
