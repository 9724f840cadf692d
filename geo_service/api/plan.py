"""`/plan`: a proposal for the coming days, and its lines as a person accepts them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response

from geo_service.api import serializers
from geo_service.api.computations import TURN
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep, require, write_once
from geo_service.api.schemas import plan as schemas
from geo_service.api.schemas.common import CalendarDay
from geo_service.coordination import dispatch
from geo_service.coordination.planning import acceptance, tables, week
from geo_service.domain.city import Team
from geo_service.domain.errors import FieldError, InvalidInput, NotFound
from geo_service.domain.planning import Job
from geo_service.domain.planning_reasons import reasons_of
from geo_service.i18n import Translator
from geo_service.presentation import week_plan as words
from geo_service.store import cities, houses, keys, listing, repairs

router = APIRouter(prefix="/plan", tags=["dispatch"])
Writer = Annotated[keys.Principal, Depends(require("write repairs"))]

MOST_DAYS = 42
FURTHEST_DAYS = 366
"""How far ahead a plan may begin: beyond that nobody knows of works."""


@router.get("", response_model=schemas.WeekPlan, dependencies=TURN)
def read(
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
    from_: Annotated[
        CalendarDay | None, Query(alias="from", description="first day; today without one")
    ] = None,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS, description="days of the calendar")] = 14,
    team: Annotated[str | None, Query(max_length=300, description="crew; all without one")] = None,
) -> JSONResponse:
    """Which repairs by which crew on which day: no waste, terms kept, little driving. Each line says why that day. Nothing is stored."""
    begin = from_ or day
    if begin < day:
        raise InvalidInput.one("from", "in_the_past", today=day, day=begin)
    if begin > day + timedelta(days=FURTHEST_DAYS):
        raise InvalidInput.one("from", "date_out_of_range.before", before=day + timedelta(days=FURTHEST_DAYS))
    if team is not None:
        _check_teams(cities.in_force(conn).teams, {"team": team})
    plan = week.propose(conn, begin, days, day, team)
    return serializers.answer(
        _answer(conn, plan, crs, translator), headers=serializers.language_headers(translator)
    )


@router.post("/accept", response_model=schemas.Accepted)
def accept(
    body: schemas.AcceptIn,
    request: Request,
    ctx: ContextDep,
    who: Writer,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
) -> Response:
    """Give each repair its day and crew. Each line passes the guard of `/repairs/{repair_id}/schedule` by itself, and says whether it did."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        _check_lines(body.lines, cities.in_force(conn).teams, day)
        choices = [acceptance.Choice(one.repair_id, one.team, one.on, one.version) for one in body.lines]
        outcomes = acceptance.accept(conn, choices, day, role=who.role)
        lines = [_outcome(conn, one, crs, translator) for one in outcomes]
        answer = {"lines": lines, "accepted": sum(line["accepted"] for line in lines)}
        return 200, answer, serializers.language_headers(translator)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


def _check_lines(lines: Sequence[schemas.ChoiceIn], teams: Sequence[Team], today: date) -> None:
    """Raises InvalidInput: a crew that the city has not, a day that is over, a repair twice."""
    _check_teams(teams, {f"lines[{n}].team": line.team for n, line in enumerate(lines)})
    past = [n for n, line in enumerate(lines) if line.on < today]
    if past:
        raise InvalidInput.one(f"lines[{past[0]}].on", "in_the_past", today=today, day=lines[past[0]].on)
    ids = [line.repair_id for line in lines]
    twice = [n for n, id_ in enumerate(ids) if id_ in ids[:n]]
    if twice:
        raise InvalidInput([FieldError(f"lines[{n}].repair_id", "repair_twice") for n in twice])


def _check_teams(teams: Sequence[Team], by_field: dict[str, str]) -> None:
    ids = [team.id for team in teams]
    unknown = [
        FieldError(field, "unknown", {"known": ", ".join(ids) or "–"})
        for field, team in by_field.items()
        if team not in ids
    ]
    if unknown:
        raise InvalidInput(unknown)


def _outcome(
    conn: sa.Connection, outcome: acceptance.Outcome, crs: int, translator: Translator
) -> dict[str, Any]:
    try:
        now = serializers.repair(repairs.get(conn, outcome.choice.repair_id), crs)
    except NotFound:
        now = None
    refusal = outcome.refusal
    return {
        "repair_id": outcome.choice.repair_id,
        "accepted": refusal is None,
        "code": refusal and refusal.code,
        "message": refusal and translator.error(refusal),
        "repair": now,
    }


def _answer(conn: sa.Connection, plan: week.WeekPlan, crs: int, translator: Translator) -> dict[str, Any]:
    jobs = [*(line.job for line in plan.lines), *(left.job for left in plan.left)]
    grounds = [listing.read_geometry(plan.repairs[job.repair_id]["geom"]) for job in jobs]
    places = dict(
        zip(
            (job.repair_id for job in jobs),
            houses.along(conn, grounds, dispatch.NEAREST_HOUSE_M),
            strict=True,
        )
    )

    def about(job: Job) -> dict[str, Any]:
        repair = serializers.repair(plan.repairs[job.repair_id], crs)
        return {"repair": repair, "place": places[job.repair_id], "due_on": job.due_on}

    crew_days = tables.crew_days(plan)
    stops = {job.repair_id: stop for one in crew_days for stop, job in enumerate(one.jobs, start=1)}
    lines = [
        {
            **about(line.job),
            "on": line.day,
            "team": line.team.id,
            "stop": stops[line.job.repair_id],
            "hours": line.job.hours,
            "cost_at_risk_eur": line.job.advice[line.day].cost_at_risk_eur,
            "reasons": words.describe_reasons(
                reasons_of(line, plan.lines, plan.problem), plan.repairs, translator
            ),
        }
        for line in plan.lines
    ]
    return {
        "days": plan.days,
        "teams": [{"id": one.id, "name": one.name, "hours_a_day": one.hours_a_day} for one in plan.teams],
        "lines": sorted(lines, key=lambda line: (line["on"], line["team"], line["stop"])),
        "left": [
            {**about(left.job), "reason": left.reason, "text": words.why_left(left, translator)}
            for left in plan.left
        ],
        "loads": [_load(one) for one in crew_days],
        "distance": {"kind": "straight_line", "factor": plan.parameters.drive_factor},
        "computed_at": datetime.now(UTC),
    }


def _load(one: tables.CrewDay) -> dict[str, Any]:
    """How full the day of a crew is."""
    return {
        "on": one.day,
        "team": one.team.id,
        "booked_hours": one.booked_hours,
        "added_hours": one.added_hours,
        "drive_m": one.drive_m,
    }
