"""Accept lines of a week plan: each goes through the guard of repairs, and is stored whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service import working_days
from geo_service.coordination import changes, renumberings, scheduling
from geo_service.coordination.planning import week
from geo_service.detection.run import Subject
from geo_service.domain.errors import GeoServiceError, InvalidTransition, VersionMismatch
from geo_service.domain.period import ONE_DAY, Period
from geo_service.domain.planning import hours_of
from geo_service.domain.roles import Role
from geo_service.store import cities, repairs, rules


@dataclass(frozen=True, slots=True)
class Choice:
    """A line that a person accepts. `version` is that of the repair as the person read it."""

    repair_id: UUID
    team: str
    on: date
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line: `refusal` is why not, None when it is stored."""

    choice: Choice
    refusal: GeoServiceError | None


def accept(conn: sa.Connection, choices: Sequence[Choice], today: date, *, role: Role) -> list[Outcome]:
    """Give each repair its day and crew, as far as the guard lets it; the others stay as they are. What follows is computed once, for all of
    them. The caller holds the writers' lock.
    """
    outcomes = []
    for choice in choices:
        refusal = None
        try:
            with conn.begin_nested():
                _accept(conn, choice, today, role)
        except GeoServiceError as error:
            refusal = error
        outcomes.append(Outcome(choice, refusal))
    if stored := [one.choice.repair_id for one in outcomes if one.refusal is None]:
        changes.record(conn, Subject(repair_ids=stored), today)
    return outcomes


def _accept(conn: sa.Connection, choice: Choice, today: date, role: Role) -> None:
    row = repairs.get(conn, choice.repair_id)
    if row["version"] != choice.version:
        raise VersionMismatch("repair_changed", version=row["version"], id=str(choice.repair_id))
    if row["status"] == "in_progress":
        raise InvalidTransition("repair_not_scheduled", status=row["status"], id=str(choice.repair_id))
    if not working_days.is_working_day(choice.on):
        raise InvalidTransition("plan_no_working_day", day=choice.on)
    _check_room(conn, row["id"], hours_of(row["scope"], rules.load_parameters(conn)), choice)
    renumberings.break_silence(conn, choice.repair_id, today)
    days = Period(choice.on, choice.on + ONE_DAY)
    scheduling.allot(conn, choice.repair_id, days, today, role=role, team=choice.team)


def _check_room(conn: sa.Connection, repair_id: UUID, hours: float, choice: Choice) -> None:
    """Raises InvalidTransition when the crew's day is full by now: two people may accept at once."""
    teams = cities.in_force(conn).teams
    others = [row for row in repairs.planned_on(conn, choice.on) if row["id"] != repair_id]
    booked = week.booked_minutes(others, teams, [choice.on], rules.load_parameters(conn))
    team = next(one for one in teams if one.id == choice.team)
    if booked.get((team.id, choice.on), 0) + round(60 * hours) > week.minutes_a_day(team):
        raise InvalidTransition("team_day_full", team=team.name, day=choice.on)
