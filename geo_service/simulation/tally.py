"""What became of a year: what was repaired when, what was opened again and why, what waited and whether it had to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, get_args

from shapely.geometry.base import BaseGeometry

from geo_service import working_days
from geo_service.simulation.town import Defect, Dig, Year, loss_eur

Cause = Literal["known", "later", "sudden", "unannounced"]
"""Works that opened a new surface were `known` when it was laid; announced `later`, while people could still ask their owner; announced
so `sudden` that no working day was left to ask; or not announced before they began."""
CAUSES: tuple[Cause, ...] = get_args(Cause)
AVOIDABLE: tuple[Cause, ...] = ("known", "later")
Answer = Literal["keeps_out", "cannot", "begun"]
"""What came of asking an owner to keep out of a new surface: `cannot` is an exception on record, `begun` came too late."""


@dataclass(frozen=True, slots=True)
class Question:
    """The desk asked the owner on this day to keep out of a new surface."""

    day: date
    answer: Answer


@dataclass(frozen=True, slots=True)
class Reopening:
    """A repair that works opened within its service life; `verdict`: the advice on the day it was done (None: nobody advised)."""

    defect: Defect
    dig: Dig
    cause: Cause
    eur: float
    finished_on: date
    verdict: str | None = None
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One year of one policy. `days_waited`: of each report until its repair, or until the end of the year."""

    repairs: int
    unfinished: int
    reopenings: tuple[Reopening, ...]
    days_waited: tuple[int, ...]
    held: int
    held_needlessly: int
    danger_older_than_a_day: int
    alerts: Mapping[str, int] = field(default_factory=dict)

    @property
    def wasted_eur(self) -> float:
        """What was lost of the repairs that works opened."""
        return sum(one.eur for one in self.reopenings)


@dataclass
class Tally:
    """Keeps what happens. `spared` holds the ground that works kept out of when they were asked to, by the key of the dig."""

    year: Year
    digs_of: Mapping[str, Sequence[Dig]]
    finished: dict[str, date] = field(default_factory=dict)
    secured: dict[str, date] = field(default_factory=dict)
    waits: dict[str, date] = field(default_factory=dict)
    spared: dict[str, BaseGeometry] = field(default_factory=dict)
    verdicts: dict[str, str] = field(default_factory=dict)
    questions: dict[tuple[str, str], Question] = field(default_factory=dict)
    """By the keys of defect and dig."""

    def finish(self, defect: Defect, day: date, verdict: str | None = None) -> None:
        """Note that a repair is done, and the advice that stood."""
        self.finished[defect.key] = day
        if verdict:
            self.verdicts[defect.key] = verdict

    def secure(self, defect: Defect, day: date) -> None:
        """Note that a danger is over."""
        self.secured[defect.key] = day

    def wait(self, defect: Defect, day: date) -> None:
        """Note the first day on which a repair had to wait for works."""
        self.waits.setdefault(defect.key, day)

    def ask(self, defect_key: str, dig_key: str, day: date, answer: Answer) -> None:
        """Note that an owner was asked to keep out of a finished repair."""
        self.questions[defect_key, dig_key] = Question(day, answer)

    def spare(self, dig_key: str, ground: BaseGeometry) -> None:
        """Note that works keep out of this ground, and so of every repair that lies in it."""
        self.spared[dig_key] = ground.union(self.spared.get(dig_key, ground))

    def result(self, alerts: Mapping[str, int] | None = None) -> Result:
        """Return what came of it."""
        defects = [one for one in self.year.defects if one.entered_on < self.year.last_day]
        held = [one for one in defects if one.key in self.waits]
        return Result(
            repairs=sum(one.key in self.finished for one in defects),
            unfinished=sum(one.key not in self.finished for one in defects),
            reopenings=tuple(again for one in defects if (again := self._reopening(one))),
            days_waited=tuple(
                (self.finished.get(one.key, self.year.last_day) - one.reported_on).days for one in defects
            ),
            held=len(held),
            held_needlessly=sum(not self._had_to_wait(one) for one in held),
            danger_older_than_a_day=sum(
                (self.secured.get(one.key, self.year.last_day) - one.reported_on).days > 1
                for one in defects
                if one.urgency == "danger"
            ),
            alerts=alerts or {},
        )

    def _reopening(self, defect: Defect) -> Reopening | None:
        """The first works that open a finished repair before the year is over."""
        done = self.finished.get(defect.key)
        if done is None:
            return None
        for dig in self.digs_of[defect.key]:
            assert dig.opens_on is not None
            later = done < dig.opens_on < self.year.last_day and (dig.opens_on - done).days < defect.life_days
            if later and not self._is_spared(defect, dig):
                return Reopening(
                    defect,
                    dig,
                    _cause(dig, done),
                    loss_eur(defect, dig, done),
                    done,
                    self.verdicts.get(defect.key),
                    self.questions.get((defect.key, dig.key)),
                )
        return None

    def _is_spared(self, defect: Defect, dig: Dig) -> bool:
        ground = self.spared.get(dig.key)
        return ground is not None and bool(ground.covers(defect.ground))

    def _had_to_wait(self, defect: Defect) -> bool:
        """Whether works that were known opened the ground while the repair waited, or after."""
        since = self.waits[defect.key]
        return any(dig.closes_on is not None and dig.closes_on > since for dig in self.digs_of[defect.key])


def _cause(dig: Dig, done: date) -> Cause:
    notice, opens = dig.notice_on, dig.opens_on
    if notice is None or opens is None or notice >= opens:
        return "unannounced"
    if notice <= done:
        return "known"
    days = (notice + timedelta(days=number) for number in range((opens - notice).days))
    return "later" if any(map(working_days.is_working_day, days)) else "sudden"
