"""Ways to keep writers of claims from missing each other, measured by turns: one lock, locks on the cells of a grid or one per city, SERIALIZABLE.

Each writer is a process that moves its own works and repairs about, through the services that a request uses. Only what is taken before
a write differs. Cells and SERIALIZABLE are measured twice: with the feed in one order without gaps, and with no feed at all, which no
way of numbering it can beat.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from statistics import median
from typing import Literal

import sqlalchemy as sa
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from geo_service import db, settings
from geo_service.alerts import feed
from geo_service.bench import importing
from geo_service.bench.measure import MeasurementFailed
from geo_service.bench.region import CITY_SPACING_M, TODAY, scratch
from geo_service.cluster import Cluster
from geo_service.coordination import changes
from geo_service.detection import run
from geo_service.domain.period import Period
from geo_service.domain.repairs import RepairDraft
from geo_service.domain.works import Phase, Works
from geo_service.intake import importer
from geo_service.intake.pipeline import store
from geo_service.store import locks, repairs, works_batch

Scheme = Literal[
    "one lock", "cells", "cells, no feed", "serializable", "serializable, no feed", "a lock per city", "a lock per city, no feed",
]  # fmt: skip
SCHEMES: tuple[Scheme, ...] = ("one lock", "cells", "cells, no feed", "serializable", "serializable, no feed")
OF_CITIES: tuple[Scheme, ...] = ("one lock", "a lock per city", "a lock per city, no feed")
GROUNDS: Mapping[str, tuple[Scheme, ...]] = {"hot spots": SCHEMES, "spread": SCHEMES, "cities": OF_CITIES}
"""Two pieces of 20 m; 30 by 30 km; a city for each writer."""

WRITERS = 8
CLAIMS = 10_000
OWN = 4
"""Works and repairs of each writer, which it moves about: the ground does not fill up while it is measured."""
CELL_M, REACH_M = 100, 25
"""Ground of one lock, and how far around a footprint a rule may look: the ring that informs, and the working width."""
CITY_COLUMNS, INSIDE_M, CITY_M = 3, 100, 900
"""WRITERS cities on the grid of `city.sql`, and the ground in each: far enough inside that no rule sees the next one."""
CELLS_LOCK = 0x67656F63  # "geoc"
FEED_LOCK = 0x67656F66  # "geof"
COLLIDED = ("SerializationFailure", "DeadlockDetected", "UniqueViolation")
HELD_S = (0.1, 0.4, 4.0)
LEAD_S = 0.5
MOST_RETRIES = 1_000
LIES = sa.text("""
    SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom) FROM repairs WHERE source = 'bench' AND source_id = :name
    UNION ALL
    SELECT ST_XMin(p.geom), ST_YMin(p.geom), ST_XMax(p.geom), ST_YMax(p.geom)
    FROM phases p JOIN works w ON w.id = p.works_id WHERE w.source = 'bench' AND w.source_id = :name""")
append = feed.append


@dataclass(frozen=True)
class RaceResult:
    """What all writers together did in one round, or the medians of several rounds."""

    commits_per_s: float
    longest_s: float
    retries_per_commit: float
    missed: int
    """Conflicts that a recomputation afterwards opens, changes or closes; of several rounds the sum."""


@dataclass(frozen=True)
class Round:
    """The task of one process."""

    url: str
    scheme: Scheme
    ground: str
    number: int
    seed: int
    starts_at: float
    seconds: float


def race(
    cluster: Cluster, seconds: float, rounds: int, only: Sequence[str] = tuple(GROUNDS), claims: int = CLAIMS
) -> Iterator[tuple[str, Scheme, RaceResult]]:
    """Each scheme on each of the GROUNDS named in `only`: medians over `rounds`, in which the schemes take turns."""
    context = multiprocessing.get_context("forkserver")
    with scratch(cluster, claims, WRITERS) as url, ProcessPoolExecutor(WRITERS, mp_context=context) as many:
        for ground in only:
            schemes = GROUNDS[ground]
            seen: dict[Scheme, list[RaceResult]] = {scheme: [] for scheme in schemes}
            for turn in range(rounds + 1):  # the first one warms up
                for scheme in schemes[:: 1 if turn % 2 else -1]:
                    starts_at = time.time() + LEAD_S
                    tasks = (
                        Round(url, scheme, ground, n, turn * WRITERS + n, starts_at, seconds)
                        for n in range(WRITERS)
                    )
                    done = _together(list(many.map(write, tasks)), seconds, _oversights(url))
                    if turn:
                        seen[scheme].append(done)
            for scheme in schemes:
                yield ground, scheme, _medians(seen[scheme])


def write(task: Round) -> tuple[int, float, int]:
    """One process, one round: commits, the longest write (its wait and its retries included), retries."""
    engine = _engine(task.url, task.scheme.startswith("serializable"))
    writer = _Writer(engine, task)
    feed.append = writer.append
    time.sleep(max(0, task.starts_at - time.time()))
    commits, longest, retries = 0, 0.0, 0
    while time.time() < task.starts_at + task.seconds:
        began = time.perf_counter()
        retries += writer.write()
        longest = max(longest, time.perf_counter() - began)
        commits += 1
    return commits, longest, retries


class _Writer:
    def __init__(self, engine: sa.Engine, task: Round) -> None:
        self.engine, self.task = engine, task
        self.chance = random.Random(task.seed)  # nosec B311 # chance, never a secret

    def write(self) -> int:
        """Move one works or repair; how often that had to be begun again."""
        own, day = self.chance.randrange(OWN), self.chance.randrange(100)
        at, name = self._place(), f"race {self.task.number} {own}"
        days = Period(TODAY + timedelta(days=day), TODAY + timedelta(days=day + 5))
        digs = self.chance.random() < 0.5
        ground = box(at.x, at.y, at.x + 10, at.y + 2) if digs else at
        for retries in range(MOST_RETRIES):
            try:
                with db.write(self.engine) as conn:
                    self._take(conn, name, ground)
                    if digs:
                        self._save_works(conn, name, ground, days)
                    else:
                        self._save_repair(conn, name, at, days)
                return retries
            except sa.exc.DBAPIError as error:
                if type(error.orig).__name__ not in COLLIDED:
                    raise
                time.sleep(self.chance.random() * 0.01)
        raise MeasurementFailed(f"one write was begun again {MOST_RETRIES} times")

    def append(self, conn: sa.Connection, drafts: Sequence[feed.AlertDraft]) -> list[int]:
        """The feed as this scheme keeps it."""
        if self.task.scheme.endswith("no feed"):
            return []
        if self.task.scheme in ("cells", "a lock per city"):
            conn.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": FEED_LOCK})
        return append(conn, drafts)

    def _take(self, conn: sa.Connection, name: str, ground: BaseGeometry) -> None:
        if self.task.scheme == "one lock":
            locks.claims_writer(conn)
        if self.task.scheme.startswith(("cells", "a lock per city")):
            # where it lies now counts as well; nobody but this writer moves it
            boxes = [ground.bounds, *(tuple(row) for row in conn.execute(LIES, {"name": name}))]
            take = sa.text(
                "SELECT pg_advisory_xact_lock(:key, cell) FROM unnest(CAST(:cells AS integer[])) cell"
            )
            cell_m = CELL_M if self.task.scheme.startswith("cells") else CITY_SPACING_M
            conn.execute(take, {"key": CELLS_LOCK, "cells": cells(boxes, cell_m)}).all()

    def _save_works(self, conn: sa.Connection, name: str, ground: BaseGeometry, days: Period) -> None:
        owner = importing.OWNERS[self.task.number % len(importing.OWNERS)]
        phase = Phase("1", ground, days, opens_surface=True)
        [saved] = works_batch.save(
            conn, [Works("bench", name, owner, name, "groundworks", "confirmed", (phase,))], observed_on=TODAY
        )
        changes.record(conn, run.Subject(works_ids=[saved.id]), TODAY)

    def _save_repair(self, conn: sa.Connection, name: str, at: Point, days: Period) -> None:
        draft = RepairDraft(
            "loose_slab", "spot", "normal", at, "Stad Izegem", planned=days, source="bench", source_id=name
        )
        [saved] = repairs.save_imported(conn, [draft])
        changes.record(conn, run.Subject(repair_ids=[saved.id]), TODAY)

    def _place(self) -> Point:
        """On one of two spots of 20 m, in the city of this writer, or anywhere in 30 by 30 km."""
        if self.task.ground == "cities":
            row, column = divmod(self.task.number, CITY_COLUMNS)
            east, north = (INSIDE_M + self.chance.randrange(CITY_M) for _ in range(2))
            return Point(30_000 + column * CITY_SPACING_M + east, 150_000 + row * CITY_SPACING_M + north)
        if self.task.ground == "hot spots":
            return Point(30_000 + self.chance.randrange(2) * 500 + self.chance.randrange(20), 150_000)
        return Point(30_000 + self.chance.randrange(30_000), 150_000 + self.chance.randrange(30_000))


def cells(boxes: Sequence[tuple[float, ...]], cell_m: int = CELL_M) -> list[int]:
    """The grid cells that these boxes and what a rule sees around them touch, in the one order in which all writers take them."""
    numbers = set()
    for west, south, east, north in boxes:
        for x in range(int((west - REACH_M) // cell_m), int((east + REACH_M) // cell_m) + 1):
            for y in range(int((south - REACH_M) // cell_m), int((north + REACH_M) // cell_m) + 1):
                numbers.add(x * 10_000 + y)
    return sorted(numbers)


@dataclass(frozen=True)
class ImportWait:
    """What an import whose batches hold the lock for `held_s` made one person wait, and how fast it was."""

    held_s: float
    rows_per_s: float
    median_s: float
    longest_s: float


def during_import(cluster: Cluster, folder: Path, rows: int, claims: int = CLAIMS) -> Iterator[ImportWait]:
    """One person saves again and again while a file comes in, for several lengths of a batch; the service's own is 0.4 s."""
    file = importing.write_file(folder, rows)
    context = multiprocessing.get_context("forkserver")
    for held_s in HELD_S:
        with scratch(cluster, claims) as url, ProcessPoolExecutor(1, mp_context=context) as other:
            person = _Writer(_engine(url, False), Round(url, "one lock", "spread", 0, 1, 0, 0))
            person.write()
            taking_in = other.submit(take_in, url, str(file), held_s)
            waits = []
            while not taking_in.done():
                began = time.perf_counter()
                person.write()
                waits.append(time.perf_counter() - began)
                time.sleep(0.05)
            person.engine.dispose()
            yield ImportWait(held_s, rows / taking_in.result(), median(waits), max(waits))


def take_in(url: str, file: str, held_s: float) -> float:
    """Import the file in batches that hold the lock for so long; seconds."""
    store.HELD_S = held_s
    engine = db.create_engine_for(url)
    config = settings.load(database_url=url, log_level="error")
    report = importer.run_import(engine, config, "works", file, mapping=str(importing.MAPPING), today=TODAY)
    engine.dispose()
    return report.seconds


@cache
def _engine(url: str, serializable: bool) -> sa.Engine:
    engine = db.create_engine_for(url, pool_size=1)
    return engine.execution_options(isolation_level="SERIALIZABLE") if serializable else engine


def _oversights(url: str) -> int:
    """What the writers did not see of each other; put right for the next round."""
    with db.write(_engine(url, False)) as conn:
        locks.claims_writer(conn)
        return len(run.refresh(conn, run.EVERYTHING, TODAY))


def _together(done: list[tuple[int, float, int]], seconds: float, missed: int) -> RaceResult:
    commits, retries = sum(one[0] for one in done), sum(one[2] for one in done)
    return RaceResult(commits / seconds, max(one[1] for one in done), retries / max(1, commits), missed)


def _medians(rounds: Sequence[RaceResult]) -> RaceResult:
    return RaceResult(
        median(one.commits_per_s for one in rounds),
        median(one.longest_s for one in rounds),
        median(one.retries_per_commit for one in rounds),
        sum(one.missed for one in rounds),
    )
