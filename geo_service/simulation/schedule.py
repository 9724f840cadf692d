"""What is said of works, night by night, beside what is really done: drawn from what was observed in real weeks (`assumptions.py`)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from geo_service.simulation.assumptions import (
    DELAY_DAYS,
    LEAD_DAYS,
    OPEN_SHARE,
    SLIP_DAYS,
    WINDOW_DAYS,
    Assumptions,
)
from geo_service.simulation.chance import quantile
from geo_service.simulation.town import Dig, Statement

LEADS = {"Categorie 1": 61, "Categorie 2": 28}
"""Days before the start by which larger works must be registered: the GIPOD decree. Most are earlier by up to three months."""
EARLIER_DAYS = 90
LEAST_WINDOW_DAYS, MOST_WINDOW_DAYS = 3, 180
"""Of cables; longer periods of Osiris are those of sewers and building sites."""
URGENT_DAYS = 3
WEEK = 7


def lead_days(category: str | None, rng: random.Random) -> int:
    """Return how long before its stated start works of this category are announced: the smallest as Osiris has it, the others by the decree."""
    if category in LEADS:
        return LEADS[category] + rng.randrange(EARLIER_DAYS)
    return round(quantile(LEAD_DAYS, rng))


def window_days(rng: random.Random) -> int:
    """Return the length of the period that a cable states."""
    return min(MOST_WINDOW_DAYS, max(LEAST_WINDOW_DAYS, round(quantile(WINDOW_DAYS, rng))))


def plain(announced_on: date, starts_on: date, ends_on: date) -> tuple[Statement, ...]:
    """Return what is said of what happens as planned."""
    return (
        Statement(announced_on, "planned", starts_on, ends_on),
        Statement(starts_on, "in_progress", starts_on, ends_on),
        Statement(ends_on, "done", starts_on, ends_on),
    )


def urgent(dig: Dig, opens_on: date, rng: random.Random) -> Dig:
    """Return an urgent repair of a pipe: it is told one day after it began."""
    closes_on = opens_on + timedelta(days=rng.randint(1, URGENT_DAYS))
    notice_on = opens_on + timedelta(days=1)
    statements = (
        Statement(notice_on, "in_progress", opens_on, closes_on),
        Statement(closes_on + timedelta(days=1), "done", opens_on, closes_on),
    )
    return replace(dig, statements=statements, opens_on=opens_on, closes_on=closes_on)


def announced(
    dig: Dig, announced_on: date, lead: int, window: int, assumptions: Assumptions, rng: random.Random
) -> Dig:
    """Return works that are announced `lead` days before the start of a window: whether they come, when, and what is said of it meanwhile."""
    starts_on = announced_on + timedelta(days=lead)
    ends_on = starts_on + timedelta(days=window)
    statements = [Statement(announced_on, "planned", starts_on, ends_on)]
    if rng.random() < assumptions.slip_share:
        slip = timedelta(days=max(1, round(quantile(SLIP_DAYS, rng))))
        late = rng.random() < assumptions.slip_late_share
        notice_on = starts_on + timedelta(
            days=rng.randrange(WEEK) if late else -rng.randint(1, max(1, lead - 1))
        )
        starts_on, ends_on = starts_on + slip, ends_on + slip
        statements.append(Statement(max(notice_on, announced_on), "planned", starts_on, ends_on))
    if rng.random() >= assumptions.begin_share:
        return replace(dig, statements=(*statements, _no_show(statements[-1], assumptions, rng)))
    delay = min(window - 1, round(quantile(DELAY_DAYS, rng)))
    opens_on = starts_on + timedelta(days=delay)
    closes_on = min(ends_on, opens_on + timedelta(days=max(1, round(window * quantile(OPEN_SHARE, rng)))))
    notice_on = max(opens_on + timedelta(days=rng.randrange(WEEK)), statements[-1].day)
    if notice_on < ends_on:
        statements.append(Statement(notice_on, "in_progress", starts_on, ends_on))
    statements.append(_end(ends_on, starts_on, assumptions, rng))
    silence = rng.random()
    if silence < assumptions.silent_share:
        statements = []
    elif silence < assumptions.silent_share + assumptions.late_entry_share:
        statements = [Statement(opens_on, "in_progress", starts_on, ends_on), statements[-1]]
    return replace(dig, statements=tuple(statements), opens_on=opens_on, closes_on=closes_on)


def _no_show(statement: Statement, assumptions: Assumptions, rng: random.Random) -> Statement:
    """Works that never come: some say so, the others stand there until their end is past and vanish."""
    if rng.random() < assumptions.open_cancel_share:
        return Statement(
            max(statement.day, statement.starts_on), "cancelled", statement.starts_on, statement.ends_on
        )
    gone_on = statement.ends_on + timedelta(days=rng.randrange(WEEK))
    return Statement(max(gone_on, statement.day), None, statement.starts_on, statement.ends_on)


def _end(ends_on: date, starts_on: date, assumptions: Assumptions, rng: random.Random) -> Statement:
    """Works that are over: most are not shown any more once their stated end is past."""
    vanish = rng.random() < assumptions.vanish_share
    return Statement(
        ends_on + timedelta(days=rng.randrange(WEEK)), None if vanish else "done", starts_on, ends_on
    )
