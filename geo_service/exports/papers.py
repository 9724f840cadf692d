"""Reports on paper by their name, as a PDF or as the workbook behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

import sqlalchemy as sa

from geo_service.domain.errors import InvalidInput
from geo_service.domain.period import EARLIEST, LATEST
from geo_service.exports.paper_workbook import workbook
from geo_service.i18n import Translator
from geo_service.presentation.papers import college, meeting, quarter
from geo_service.presentation.papers.paper import Paper, document
from geo_service.store import papers as facts

PaperName = Literal["meeting", "college", "quarter"]
PaperFormat = Literal["pdf", "xlsx"]


def make(
    conn: sa.Connection,
    name: PaperName,
    on: date | None,
    today: date,
    feed_hours: Mapping[str, float],
    translator: Translator,
) -> Paper:
    """Return the report of a day (None: today), worded. Raises InvalidInput about `on`: what was open on a past day is not kept."""
    day = on or today
    if not EARLIEST <= day < LATEST:
        raise InvalidInput.one("on", "date_out_of_range.earliest", earliest=str(EARLIEST), latest=str(LATEST))
    if name == "quarter":
        return quarter.paper(facts.quarter(conn, day, today, feed_hours), translator)
    if day < today:
        raise InvalidInput.one("on", "paper_of_the_past", given=str(day))
    if name == "college":
        return college.paper(facts.college(conn, day, feed_hours), translator)
    return meeting.paper(facts.meeting(conn, day, feed_hours), translator)


def content(paper: Paper, format_: PaperFormat, translator: Translator) -> bytes:
    """Return a report as a file."""
    return document(paper, translator) if format_ == "pdf" else workbook(paper)
