"""`geo-service plan`: the proposal for the coming days, and beside first come, first served."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination.planning import tables, week
from geo_service.domain import planning
from geo_service.domain.errors import InvalidInput
from geo_service.domain.planning_reasons import reasons_of
from geo_service.i18n import Translator
from geo_service.presentation import week_plan as words
from geo_service.store import cities

MOST_DAYS = 42


def plan(
    begin: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today without one")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="Days of the calendar")] = 14,
    team: Annotated[str | None, typer.Option(help="Only this crew")] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="In figures, beside first come, first served")
    ] = False,
    wide: terminal.Wide = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Which repairs by which crew on which day, and why then. Nothing is stored."""
    config = terminal.load()
    today = settings_module.today(config)
    first = begin.date() if begin else today
    if first < today:
        raise InvalidInput.one("from", "in_the_past", today=today, day=first)
    with db.read(db.create_read_engine_from(config)) as conn:
        teams = [one.id for one in cities.in_force(conn).teams]
        if team is not None and team not in teams:
            raise InvalidInput.one("team", "unknown", known=", ".join(teams))
        proposal = week.propose(conn, first, days, today, team)
    translator = terminal.translator(config)
    rows = _comparison(proposal, today) if compare else _lines(proposal, translator)
    columns = tuple(rows[0]) if rows else ()

    def table() -> RenderableType:
        return terminal.rows_table(rows, columns, wide=wide) if rows else translator.text("said.plan_empty")

    terminal.show(rows, as_json, table)


def _lines(proposal: week.WeekPlan, translator: Translator) -> list[dict[str, Any]]:
    rows = []
    for line in proposal.lines:
        reasons = reasons_of(line, proposal.lines, proposal.problem)
        why = words.describe_reasons(reasons, proposal.repairs, translator)
        rows.append(
            {
                "repair": f"H-{proposal.repairs[line.job.repair_id]['number']}",
                "day": line.day,
                "team": line.team.name,
                "hours": line.job.hours,
                "why": " ".join(one["text"] for one in why),
            }
        )
    return rows


def _comparison(proposal: week.WeekPlan, today: date) -> list[dict[str, Any]]:
    """The plan; the same with works known but first come, first served; and first come, first served by who knows of no works."""
    plans = {
        "week_plan": proposal.lines,
        "first_come": planning.first_come(proposal.problem),
        "first_come_blind": planning.first_come(proposal.problem, blind=True),
    }
    return [{"plan": name, **asdict(tables.figures(proposal, lines, today))} for name, lines in plans.items()]
