"""Why a repair of a week plan has its day: codes and figures, of which `presentation/` makes sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from geo_service.domain.conflicts import WorksParty
from geo_service.domain.planning import Job, Line, Problem, is_free, minutes


class Reason(NamedTuple):
    """One reason. `day` and `owner` fill its sentence; `with_ids` are the other repairs that it names."""

    code: str
    day: date | None = None
    owner: str | None = None
    with_ids: tuple[UUID, ...] = ()


def reasons_of(line: Line, lines: Sequence[Line], problem: Problem) -> tuple[Reason, ...]:
    """Return why this line of a plan has its day, the weightiest first; there is always one."""
    reasons = (*_terms(line), *_works(line), *_neighbours(line, lines), *_room(line, lines, problem))
    return reasons or (Reason("cheapest"),)


def _terms(line: Line) -> Iterator[Reason]:
    job = line.job
    if job.due_on < line.day:
        yield Reason("late", job.due_on)
    elif job.urgency in ("danger", "high"):
        yield Reason("urgent", job.due_on)
    if job.latest_on is not None and line.day <= job.latest_on:
        yield Reason("latest", job.latest_on)


def _works(line: Line) -> Iterator[Reason]:
    """The works that bar the days before and after, and those that it goes along with."""
    job, here = line.job, line.job.advice[line.day]
    if here.verdict == "combine" and here.leading:
        yield Reason("combine", owner=here.leading.works.owner)
    if here.verdict == "make_safe":
        yield Reason("make_safe")
    if before := _barring(job, [day for day in sorted(job.advice, reverse=True) if day < line.day]):
        yield Reason("free_from", before.claimed_until, before.owner)
    if after := _barring(job, [day for day in sorted(job.advice) if day > line.day]):
        yield Reason("before_works", after.starts_on, after.owner)


def _barring(job: Job, days: Sequence[date]) -> WorksParty | None:
    """The works that bar the first of these days that is not free."""
    barred = next((job.advice[day] for day in days if not is_free(job.advice[day])), None)
    return barred.leading.works if barred and barred.leading else None


def _neighbours(line: Line, lines: Sequence[Line]) -> Iterator[Reason]:
    near = tuple(
        other.job.repair_id
        for other in lines
        if other.job is not line.job
        and (other.team.id, other.day, other.job.area) == (line.team.id, line.day, line.job.area)
    )
    if near:
        yield Reason("near", with_ids=near)


def _room(line: Line, lines: Sequence[Line], problem: Problem) -> Iterator[Reason]:
    """Whether it is the first day that it may have, or the days before are full."""
    earlier = [slot for slot in problem.slots_of(line.job) if slot.day < line.day]
    if not earlier:
        yield Reason("first")
        return
    work: dict[tuple[str, date], int] = {}
    for other in lines:
        key = (other.team.id, other.day)
        work[key] = work.get(key, 0) + minutes(other.job)
    need = minutes(line.job)
    if all(work.get((slot.team.id, slot.day), 0) + need > slot.minutes for slot in earlier):
        yield Reason("full")
