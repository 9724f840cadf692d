"""The utilities desk of the simulated year: it asks owners, keeps works out of new surfaces, and settles what else meets."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from geo_service import db, working_days
from geo_service.coordination import steps
from geo_service.domain.lifecycle import STEPS
from geo_service.simulation.assumptions import Assumptions
from geo_service.simulation.chance import throw
from geo_service.simulation.service import PACKAGE, Service
from geo_service.simulation.tally import Answer, Tally
from geo_service.simulation.town import Defect

DESK = steps.Actor(str(UUID(int=1)), "Desk", "utilities_desk")
COORDINATOR = steps.Actor(str(UUID(int=2)), "Coordinator", "coordinator")
REFUSAL = "The owner cannot keep out: a leak or a new connection."
BESIDE_M = 3.0
"""Works that keep out of a section stay this far from it."""


class Desk:
    """People who do each working day what the service asks of them."""

    def __init__(self, service: Service, tally: Tally, assumptions: Assumptions) -> None:
        self.service, self.tally, self.assumptions = service, tally, assumptions
        self.defects: dict[str, Defect] = {one.key: one for one in tally.year.defects}
        self.questions: dict[str, date] = {}
        """By works: the day on which their owner answers, or is asked again."""

    def day(self, day: date) -> None:
        """Hear the answers that are due, ask what is unclear, keep works out of new surfaces, settle the next conflicts."""
        if not working_days.is_working_day(day):
            return
        self._hear(day)
        self._ask(day)
        self._protect(day)
        self._settle(day)

    def _ask(self, day: date) -> None:
        works = {
            reason.conflict.works.source_id
            for advice in self.service.unclear.values()
            for reason in advice.reasons
            if reason.conflict is not None and reason.conflict.blocking
        }
        for key in sorted(works - self.questions.keys() - self.service.feed.answers.keys()):
            self.questions[key] = working_days.shift(day, round(self.assumptions.answer_days))

    def _hear(self, day: date) -> None:
        for key in sorted(key for key, due in self.questions.items() if due <= day):
            del self.questions[key]
            dice = throw(self.tally.year.seed, "answer", key, day.isoformat())
            if dice.random() < self.assumptions.answer_share:
                with self.service.writing() as conn:
                    self.service.feed.answer(conn, key, day)

    def _protect(self, day: date) -> None:
        with db.read(self.service.engine) as conn:
            rows = db.fetch(conn, PACKAGE, "moratorium")
        for row in rows:
            pair = (row["repair"], row["works"])
            if pair not in self.tally.questions:
                self._put_to_owner(*pair, row["id"], day)

    def _put_to_owner(self, repair: str, works: str, conflict_id: UUID, day: date) -> None:
        """Ask to keep out: who does is told to the service, who cannot is let in on record."""
        answer = self._answer(repair, works, day)
        self.tally.ask(repair, works, day, answer)
        with self.service.writing() as conn:
            if answer == "keeps_out":
                ground = self.defects[repair].ground.buffer(BESIDE_M)
                self.tally.spare(works, ground)
                self.service.feed.keep_out(conn, works, ground, day)
                return
            [row] = db.fetch(conn, PACKAGE, "conflict_version", conflict_id=conflict_id)
            if row["status"] in STEPS["accept-risk"].sources:
                words = steps.StepInput(words={"reason": REFUSAL})
                steps.take(conn, conflict_id, "accept-risk", words, COORDINATOR, row["version"], day)

    def _answer(self, repair: str, works: str, day: date) -> Answer:
        opens_on = self.service.feed.digs[works].opens_on
        if opens_on is not None and opens_on <= day:
            return "begun"
        dice = throw(self.tally.year.seed, "moratorium", works, repair)
        return "keeps_out" if dice.random() < self.assumptions.moratorium_share else "cannot"

    def _settle(self, day: date) -> None:
        with self.service.writing() as conn:
            most = round(self.assumptions.desk_cases_a_day)
            for row in db.fetch(conn, PACKAGE, "unsettled", most=most):
                steps.take(conn, row["id"], "settle", steps.StepInput(), DESK, row["version"], day)
