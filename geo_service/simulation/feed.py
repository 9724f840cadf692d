"""The source of works as the service reads it each night, and what owners answer when somebody asks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service.coordination import changes
from geo_service.detection.run import Subject
from geo_service.domain.period import Period
from geo_service.domain.works import OVER, Phase, Works
from geo_service.simulation.town import Statement, Year
from geo_service.store import works, works_batch

SOURCE = "simulation"


class Feed:
    """What the source shows. `answers` are the owners' own words, which stand until the source says something newer than planned."""

    def __init__(self, year: Year) -> None:
        self.year = year
        self.digs = {dig.key: dig for dig in year.digs}
        self.ids: dict[str, UUID] = {}
        self.grounds: dict[str, BaseGeometry] = {}
        self.answers: dict[str, Statement] = {}
        self._news: dict[str, Statement] = {}
        self._by_day: dict[date, list[tuple[str, Statement]]] = defaultdict(list)
        for dig in year.digs:
            for statement in dig.statements:
                self._by_day[max(statement.day, year.first_day)].append((dig.key, statement))

    def take_in(self, conn: sa.Connection, day: date) -> None:
        """Store what the source says anew; on a night on which it cannot be read it all waits for the next one."""
        self._news.update(self._by_day.pop(day, []))
        if day in self.year.failed_nights:
            return
        statements = {
            key: one for key, statement in self._news.items() if (one := self._after_answer(key, statement))
        }
        self._news.clear()
        self.store(conn, statements, day)

    def answer(self, conn: sa.Connection, key: str, day: date) -> None:
        """Store what the owner really plans: the days of the works, or that they are over, or will not come."""
        dig = self.digs[key]
        statement = dig.statements[-1]
        days = (dig.opens_on or statement.starts_on, dig.closes_on or statement.ends_on)
        if dig.opens_on is None:
            answer = Statement(day, "cancelled", *days)
        elif days[1] <= day:
            answer = Statement(day, "done", *days)
        else:
            answer = Statement(day, "in_progress" if days[0] <= day else "confirmed", *days)
        self.answers[key] = answer
        self.store(conn, {key: answer}, day)

    def keep_out(self, conn: sa.Connection, key: str, ground: BaseGeometry, day: date) -> None:
        """Store that the owner stays off this ground; nothing is left of works that lay on it only."""
        left = self.grounds.get(key, self.digs[key].drawn).difference(ground)
        statement = self.answers.get(key) or next(
            one
            for one in reversed(self.digs[key].statements)
            if one.day <= day or one.day <= self.year.first_day
        )
        if left.is_empty:
            statement = replace(statement, certainty="cancelled")
            self.answers[key] = statement
        else:
            self.grounds[key] = left
        self.store(conn, {key: statement}, day)

    def store(self, conn: sa.Connection, statements: dict[str, Statement], day: date) -> None:
        """Store works in one batch, and what vanished; conflicts, advice and alerts follow."""
        shown = [key for key, one in statements.items() if one.certainty is not None]
        saved = works_batch.save(conn, [self._works(key, statements[key]) for key in shown], observed_on=day)
        self.ids.update(zip(shown, (one.id for one in saved), strict=True))
        gone = [self.ids[key] for key, one in statements.items() if one.certainty is None and key in self.ids]
        touched = [one.id for one in saved if one.outcome != "unchanged"]
        touched += works.mark_vanished(conn, gone, observed_on=day) if gone else []
        if touched:
            changes.record(conn, Subject(works_ids=touched), day)

    def _after_answer(self, key: str, statement: Statement) -> Statement | None:
        answer = self.answers.get(key)
        if answer is None:
            return statement
        if answer.certainty in OVER or statement.certainty == "planned":
            return None
        return replace(statement, starts_on=answer.starts_on, ends_on=answer.ends_on)

    def _works(self, key: str, statement: Statement) -> Works:
        dig = self.digs[key]
        ground = self.grounds.get(key, dig.drawn)
        assert statement.certainty is not None
        phase = Phase("1", ground, Period(statement.starts_on, statement.ends_on), dig.kind == "groundworks")
        return Works(
            SOURCE, key, dig.owner, dig.title, dig.kind, statement.certainty, (phase,), category=dig.category, utilities=(dig.utility,)
        )  # fmt: skip
