"""The day list: what each crew does on a day, in which order it drives, and what it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from geo_service.domain.advice import Advice
from geo_service.domain.city import Team

Instruction = Literal["go", "make_safe", "recover", "not"]


@dataclass(frozen=True, slots=True)
class Stop:
    """A repair on the day list. `number` is its place in the way of the crew (None: the crew does not go), `drive_m` the way to it from the
    stop before; `place` are the houses along it, `change` the last change of its advice since the day before.
    """

    repair: Mapping[str, Any]
    advice: Advice
    place: Mapping[str, str] | None
    change: Mapping[str, Any] | None
    number: int | None = None
    drive_m: float | None = None

    @property
    def instruction(self) -> Instruction:
        """What the crew does there. Danger must not stay lying because works come; on a guarantee it fences off and takes a photo."""
        return instruction_on(self.advice)

    @property
    def first(self) -> bool:
        """Whether it comes before all driving: danger does not wait for what is on the way."""
        return bool(self.repair["urgency"] == "danger")


@dataclass(frozen=True, slots=True)
class Tour:
    """The stops of one crew (None: of repairs to which no crew was given), those without a number last. `drive_m`: the whole way, with the
    way back where the crew has a yard.
    """

    team: Team | None
    stops: tuple[Stop, ...]
    drive_m: float


@dataclass(frozen=True, slots=True)
class DayList:
    """The tours of a day, as they were checked at `computed_at`; `data_at` is when the oldest feed last came in (None: no feed yet).
    `dangers`: what works hold, so that it has no day and no place in a tour; it is made safe at once.
    """

    on: date
    tours: tuple[Tour, ...]
    computed_at: datetime
    data_at: datetime | None
    drive_factor: float
    time_zone: str
    dangers: tuple[Stop, ...] = ()

    @property
    def stops(self) -> tuple[Stop, ...]:
        """The dangers without a day, then the stops of all tours."""
        return (*self.dangers, *(stop for tour in self.tours for stop in tour.stops))


def instruction_on(advice: Advice) -> Instruction:
    """What a crew does with a repair on this advice."""
    if advice.verdict == "make_safe":
        return "make_safe"
    if advice.verdict == "recover":
        return "recover"
    return "not" if advice.blocked else "go"
