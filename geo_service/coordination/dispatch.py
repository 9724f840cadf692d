"""The day list of the crews: repairs planned on a day, checked again as of now, in the order in which each crew drives past them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from shapely import Point

from geo_service.coordination import advising, tours
from geo_service.domain import crs, geometry
from geo_service.domain.city import Team
from geo_service.domain.dispatch import DayList, Stop, Tour
from geo_service.store import cities, freshness, houses, listing, repairs, rules, vocabulary

NEAREST_HOUSE_M = 60.0
"""A crew looks for a house number, also on a carriageway or beside a field: the nearest in this reach will do."""


def day_list(
    conn: sa.Connection, on: date, today: date, feed_hours: Mapping[str, float], team: str | None = None
) -> DayList:
    """Return what is planned on a day: of a crew, of an organisation (id of its group, or name), or all; today also the danger that nobody may
    give a day, beside the tours. Raises InvalidInput: no such team.
    """
    planned = repairs.planned_on(conn, on, team)
    danger = repairs.danger_without_day(conn, team) if on == today else []
    if not planned and not danger:
        vocabulary.check(conn, team=team)
    city, factor = cities.in_force(conn), rules.load_parameters(conn).drive_factor
    stops = stops_of(conn, [*danger, *planned], today, city.time_zone)
    tours_ = tours_of(city.teams, stops[len(danger) :], factor)
    data_at = freshness.oldest_success(conn, feed_hours)
    now = datetime.now(UTC)
    return DayList(on, tours_, now, data_at, factor, city.time_zone, tuple(stops[: len(danger)]))


def tours_of(teams: Sequence[Team], stops: Iterable[Stop], factor: float) -> tuple[Tour, ...]:
    """Return the tour of each crew, in the city's order, and at the end that of repairs without one. `factor`: times the straight line."""
    by_team: dict[str | None, list[Stop]] = {}
    for stop in stops:
        by_team.setdefault(stop.repair["team"], []).append(stop)
    ids = {one.id for one in teams}
    # a crew that the city has no more keeps its list, under its old id
    others = (Team(id_, id_, 0) for id_ in sorted(filter(None, by_team)) if id_ not in ids)
    crews = [*teams, *others]
    tours_ = [_tour(crew, by_team[crew.id], factor) for crew in crews if crew.id in by_team]
    return (*tours_, *([_tour(None, by_team[None], factor)] if None in by_team else []))


def stops_of(conn: sa.Connection, rows: Sequence[listing.Row], today: date, time_zone: str) -> list[Stop]:
    """Return these repairs (rows of `store.repairs`), judged as of now, in their order and without numbers."""
    ids = [row["id"] for row in rows]
    advised = {one.repair_id: one.advice for one in advising.of_repairs(conn, ids, today)}
    changes = repairs.advice_changes(conn, ids, day_before(today, time_zone))
    grounds = [listing.read_geometry(row["geom"]) for row in rows]
    places = houses.along(conn, grounds, NEAREST_HOUSE_M)
    return [
        Stop(
            repair=dict(row),
            advice=advised[row["id"]],
            place=place,
            change=dict(changes[row["id"]]) if row["id"] in changes else None,
        )
        for row, place in zip(rows, places, strict=True)
    ]


def numbers_on(conn: sa.Connection, stops: Iterable[Stop], day: date) -> dict[UUID, int]:
    """Return the number of each repair in the way of its crew on a day, by id; those that are not planned or not done then have none."""
    there = (stop for stop in stops if is_planned_on(stop.repair, day))
    planned = sorted(
        there, key=lambda stop: stop.repair["number"]
    )  # as in the day list: of two ways as short, the same one
    factor = rules.load_parameters(conn).drive_factor
    tours_ = tours_of(cities.in_force(conn).teams, planned, factor)
    return {stop.repair["id"]: stop.number for tour in tours_ for stop in tour.stops if stop.number}


def is_planned_on(repair: Mapping[str, Any], day: date) -> bool:
    """Whether a repair that is not finished has this day in its plan."""
    planned = repair["planned"]
    return repair["status"] != "requested" and planned is not None and planned.lower <= day < planned.upper


def day_before(today: date, time_zone: str) -> datetime:
    """Return when yesterday began: what changed since is news."""
    return datetime.combine(today - timedelta(days=1), time(), ZoneInfo(time_zone))


def _tour(team: Team | None, stops: Sequence[Stop], factor: float) -> Tour:
    """Danger first, then the others, each in the order of the shortest way; what is not done stands last, without a number."""
    yard = yard_of(team)
    away = [stop for stop in stops if stop.instruction != "not"]
    order = tours.order_with_first(
        [_place_of(stop) for stop in away], [stop.first for stop in away], yard, yard
    )
    way = [away[index] for index in order]
    places = [_place_of(stop) for stop in way]
    numbered = [
        replace(stop, number=number, drive_m=round(leg * factor))
        for number, (stop, leg) in enumerate(zip(way, tours.legs(places, yard), strict=True), start=1)
    ]
    left = sorted(
        (stop for stop in stops if stop.instruction == "not"), key=lambda stop: stop.repair["number"]
    )
    return Tour(team, (*numbered, *left), round(tours.length(places, yard, yard) * factor))


def _place_of(stop: Stop) -> tours.Place:
    return place_of(stop.repair)


def place_of(repair: Mapping[str, Any]) -> tours.Place:
    """Return where a crew parks: a point on the ground of the repair (storage CRS)."""
    point = listing.read_geometry(repair["geom"]).representative_point()
    return point.x, point.y


def yard_of(team: Team | None) -> tours.Place | None:
    """Return where the crew's day begins and ends (storage CRS); None where the city does not say."""
    if team is None or team.start is None:
        return None
    point = geometry.to_storage(Point(*team.start), crs.WGS84)
    assert isinstance(point, Point)
    return point.x, point.y
