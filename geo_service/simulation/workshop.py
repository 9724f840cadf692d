"""The crews of the workshop: first come, first served by urgency, as far as whoever advises them lets them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol

from geo_service import working_days
from geo_service.simulation.tally import Tally
from geo_service.simulation.town import Defect, Dig

ORDER = ("danger", "high", "normal", "low")
BACK_AFTER_DAYS = 7
"""A crew that finds the ground open comes back a week later."""


class Adviser(Protocol):
    """Whoever knows, or does not know, what works are coming."""

    def advise(self, day: date, waiting: Sequence[Defect]) -> set[str]:
        """Return the keys of the defects that may be repaired."""

    def may_begin(self, defect: Defect, day: date) -> bool:
        """Return whether a crew may begin at a danger, to make it safe; if not, it asks again the next day."""

    def may_repair_now(self, defect: Defect, day: date) -> bool:
        """Return whether a danger may be repaired for good at once; if not, it is only made safe."""

    def plan(self, defect: Defect, day: date, on: date) -> bool:
        """Give the repair the day `on`; False when that is refused."""

    def start(self, defect: Defect, day: date) -> bool:
        """Look once more on the morning itself; False when the crew must not begin."""

    def finish(self, defect: Defect, day: date) -> str | None:
        """Hear that the repair is done; return the verdict that stood, None when there was none."""

    def make_safe(self, defect: Defect, day: date) -> None:
        """Hear that a danger was patched for the time being."""


class Workshop:
    """Plans and does repairs day by day; what was done when goes into `tally`."""

    def __init__(
        self, adviser: Adviser, digs_of: Mapping[str, Sequence[Dig]], tally: Tally, a_day: int, plan_days: int
    ) -> None:
        self.adviser, self.digs_of, self.tally = adviser, digs_of, tally
        self.a_day, self.plan_days = a_day, plan_days
        self.waiting: list[Defect] = []
        self.unsafe: list[Defect] = []
        self.agenda: dict[date, list[Defect]] = {}

    def day(self, day: date, reports: Sequence[Defect]) -> None:
        """Take in the reports of a day, see to danger at once, and on a working day do what is planned and plan on."""
        dangers, self.unsafe = self.unsafe, []
        for defect in (*dangers, *reports):
            if defect.urgency != "danger":
                self.waiting.append(defect)
            elif not self.adviser.may_begin(defect, day):
                self.unsafe.append(defect)
            elif not self._secure(defect, day):
                self.waiting.append(defect)
        if working_days.is_working_day(day):
            for defect in self.agenda.pop(day, []):
                self._repair(defect, day)
            self._plan(day)

    def _secure(self, defect: Defect, day: date) -> bool:
        """Repair a danger at once, or else patch it; whether it is done for good."""
        self.tally.secure(defect, day)
        if not self._is_open(defect, day) and self.adviser.may_repair_now(defect, day):
            self._finish(defect, day)
            return True
        self.adviser.make_safe(defect, day)
        return False

    def _repair(self, defect: Defect, day: date) -> None:
        if not self.adviser.start(defect, day):
            self.waiting.append(defect)
        elif self._is_open(defect, day):
            self._book(defect, day, working_days.shift(day + timedelta(days=BACK_AFTER_DAYS - 1), 1))
        else:
            self._finish(defect, day)

    def _plan(self, day: date) -> None:
        free = self.adviser.advise(day, self.waiting)
        for defect in sorted(
            self.waiting, key=lambda one: (ORDER.index(one.urgency), one.reported_on, one.key)
        ):
            if defect.key not in free:
                self.tally.wait(defect, day)
            else:
                self._book(defect, day, self._next_slot(day))

    def _book(self, defect: Defect, day: date, on: date) -> None:
        booked = self.adviser.plan(defect, day, on)
        if booked:
            self.agenda.setdefault(on, []).append(defect)
        else:
            self.tally.wait(defect, day)
        if booked == (defect in self.waiting):
            (self.waiting.remove if booked else self.waiting.append)(defect)

    def _next_slot(self, day: date) -> date:
        on = working_days.shift(day, self.plan_days)
        while len(self.agenda.get(on, [])) >= self.a_day:
            on = working_days.shift(on, 1)
        return on

    def _is_open(self, defect: Defect, day: date) -> bool:
        return any(dig.is_open(day) for dig in self.digs_of[defect.key])

    def _finish(self, defect: Defect, day: date) -> None:
        self.tally.finish(defect, day, self.adviser.finish(defect, day))


class Nobody:
    """Nobody knows of any works: the year without the service."""

    def advise(self, day: date, waiting: Sequence[Defect]) -> set[str]:
        """Let all be repaired."""
        return {one.key for one in waiting}

    def may_begin(self, defect: Defect, day: date) -> bool:
        """Let it be made safe."""
        return True

    def may_repair_now(self, defect: Defect, day: date) -> bool:
        """Let it be repaired."""
        return True

    def plan(self, defect: Defect, day: date, on: date) -> bool:
        """Refuse nothing."""
        return True

    def start(self, defect: Defect, day: date) -> bool:
        """Stop nobody."""
        return True

    def finish(self, defect: Defect, day: date) -> None:
        """Keep nothing."""

    def make_safe(self, defect: Defect, day: date) -> None:
        """Keep nothing."""
