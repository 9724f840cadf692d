"""The facts of reports on paper, as they were when each was made, read by the same statements as the lists and the overview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain import requests as requests_
from geo_service.domain.conflicts import GONE
from geo_service.domain.parameters import Parameters
from geo_service.store import (
    cases,
    cities,
    claim_files,
    conflicts,
    freshness,
    houses,
    listing,
    requests,
    rules,
    stats,
)
from geo_service.store.cases import CaseFilter
from geo_service.store.listing import Row

PACKAGE = "geo_service.store"
MOST = 1000
"""Rows of a list on paper: a meeting of more is a meeting about the service."""
DEAREST = 10
MARGIN_M = 400.0
PATHS_ACROSS = 600
"""A street is drawn to a 600th of the map: finer than paper."""


@dataclass(frozen=True, slots=True)
class Background:
    """When a report was made, and how old the facts behind it are. `data_at` is when the oldest feed last came in (None: no feed yet), `sources`
    the label and last good import of each source; `on` is the day of the report in the `time_zone` of the city.
    """

    on: date
    computed_at: datetime
    data_at: datetime | None
    sources: Sequence[Row]
    time_zone: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A case as a report lists it: its row, its dearest conflict with what its works are (by id), the houses along it, a point in it
    (storage CRS, metres), and the city's parameters.
    """

    case: Row
    conflict: Row
    works: Mapping[UUID, Row]
    place: Mapping[str, str] | None
    at: tuple[float, float]
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a small map shows: the axes of streets as SVG paths, in the `box` west, south, east, north (storage CRS, metres)."""

    streets: Sequence[str]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Meeting:
    """The agenda of the monthly meeting with the utilities: `matters` by what must be decided before when; with the totals of the lists
    (`stats.at_stake`, `stats.chances`), as each list has at most its first thousand rows here.
    """

    background: Background
    at_stake: Row
    of_chances: Row
    waiting: int
    matters: Sequence[Matter]
    chances: Sequence[Matter]
    requests: Sequence[Row]
    silent: Sequence[Row]
    owners: Sequence[Row]
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class College:
    """The page for the college: `overview` as `/stats/overview` has it, the dearest matters, what was avoided this year, the utilities."""

    background: Background
    overview: Row
    matters: Sequence[Matter]
    avoided: Sequence[Row]
    owners: Sequence[Row]
    sketch: Sketch


@dataclass(frozen=True, slots=True)
class Quarter:
    """What happened from the day `from_on` until before `until_on`: to conflicts by rule, repairs, requests; and claims as they stand now."""

    background: Background
    from_on: date
    until_on: date
    rules: Sequence[Row]
    repairs: Sequence[Row]
    requests: Sequence[Row]
    avoided: Sequence[Row]
    claims: Sequence[Row]
    owners: Sequence[Row]


def meeting(conn: sa.Connection, on: date, feed_hours: Mapping[str, float]) -> Meeting:
    """Return the agenda of a meeting with the utilities on a day: what is to be decided, the first last day first."""
    matters = _matters(conn, stats.AT_STAKE, on, "day", MOST)
    pages = [requests.find(conn, listing.Window(MOST), state=state) for state in requests_.WAITING]
    return Meeting(
        _background(conn, on, feed_hours),
        cases.totals(conn, stats.AT_STAKE, on),
        cases.totals(conn, stats.CHANCES, on),
        sum(page.total for page in pages),
        matters,
        _matters(conn, stats.CHANCES, on, "day", MOST),
        sorted((row for page in pages for row in page.rows), key=lambda row: row["due_on"])[:MOST],
        stats.silent_works(conn, on, MOST),
        stats.owners(conn, on),
        _sketch(conn, matters),
    )


def college(conn: sa.Connection, on: date, feed_hours: Mapping[str, float]) -> College:
    """Return the page for the college on a day."""
    matters = _matters(conn, stats.AT_STAKE, on, "money", DEAREST)
    return College(
        _background(conn, on, feed_hours),
        stats.overview(conn, on),
        matters,
        stats.avoided_items(conn, on.year),
        stats.owners(conn, on),
        _sketch(conn, matters),
    )


def quarter(conn: sa.Connection, on: date, today: date, feed_hours: Mapping[str, float]) -> Quarter:
    """Return what happened in the quarter of a day, and how claims and utilities stand today."""
    from_on, until_on = quarter_of(on)
    background = _background(conn, on, feed_hours)
    days: dict[str, Any] = {"from_on": from_on, "until_on": until_on}
    zone = background.time_zone
    return Quarter(
        background,
        from_on,
        until_on,
        db.fetch(conn, PACKAGE, "papers_quarter", **days, time_zone=zone, gone=[*GONE]),
        db.fetch(conn, PACKAGE, "papers_repairs", **days),
        db.fetch(conn, PACKAGE, "papers_requests", **days, time_zone=zone),
        [row for row in stats.avoided_items(conn, from_on.year) if from_on <= row["on"] < until_on],
        claim_files.sums(conn),
        stats.owners(conn, today),
    )


def _background(conn: sa.Connection, on: date, feed_hours: Mapping[str, float]) -> Background:
    return Background(
        on,
        datetime.now(UTC),
        freshness.oldest_success(conn, feed_hours),
        freshness.sources(conn, feed_hours),
        cities.in_force(conn).time_zone,
    )


def _matters(conn: sa.Connection, only: CaseFilter, on: date, sort: cases.Order, most: int) -> list[Matter]:
    rows = cases.find(conn, only, on, most, sort=sort).rows
    members = {
        row["id"]: row for row in conflicts.by_ids(conn, [id_ for row in rows for id_ in row["conflict_ids"]])
    }
    works = conflicts.briefs(conn, members.values())
    grounds = [listing.read_geometry(row["ground"]) for row in rows]
    points = [ground.centroid for ground in grounds]
    along = houses.along(conn, grounds)
    parameters = rules.load_parameters(conn)
    return [
        Matter(row, _dearest(row, members), works, place, (point.x, point.y), parameters)
        for row, place, point in zip(rows, along, points, strict=True)
    ]


def _dearest(case: Row, members: Mapping[UUID, Row]) -> Row:
    """The conflict of a case at which most is at stake; the oldest of equals."""
    of_case = [members[id_] for id_ in case["conflict_ids"]]
    return max(
        of_case, key=lambda one: one["facts"].get("saving_eur") or one["facts"]["cost_at_risk_eur"] or 0
    )


def _sketch(conn: sa.Connection, matters: Sequence[Matter]) -> Sketch:
    """The streets around these matters; none without a matter."""
    if not matters:
        return Sketch((), (0, 0, 0, 0))
    xs, ys = zip(*(matter.at for matter in matters), strict=True)
    west, south, east, north = min(xs) - MARGIN_M, min(ys) - MARGIN_M, max(xs) + MARGIN_M, max(ys) + MARGIN_M
    tolerance_m = max(east - west, north - south) / PATHS_ACROSS
    box = {"west": west, "south": south, "east": east, "north": north}
    rows = db.fetch(conn, PACKAGE, "papers_streets", **box, tolerance_m=tolerance_m)
    return Sketch([row["path"] for row in rows if row["path"]], (west, south, east, north))


def quarter_of(day: date) -> tuple[date, date]:
    """Return the first day of the quarter of a day, and the first day after it."""
    month = 3 * ((day.month - 1) // 3) + 1
    first = date(day.year, month, 1)
    return first, date(day.year + (month == 10), (month + 2) % 12 + 1, 1)
