"""Reports on paper by their name, as a PDF or as the workbook behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa

from geo_service.exports.paper_workbook import workbook
from geo_service.i18n import Translator
from geo_service.presentation.papers import college, meeting, quarter
from geo_service.presentation.papers.paper import Paper, document
from geo_service.store import papers as facts

PaperName = Literal["meeting", "college", "quarter"]
PaperFormat = Literal["pdf", "xlsx"]

_READ: Mapping[PaperName, Callable[[sa.Connection, date, Mapping[str, float]], Any]] = {
    "meeting": facts.meeting,
    "college": facts.college,
    "quarter": facts.quarter,
}
_WORD: Mapping[PaperName, Callable[[Any, Translator], Paper]] = {
    "meeting": meeting.paper,
    "college": college.paper,
    "quarter": quarter.paper,
}


def make(
    conn: sa.Connection, name: PaperName, on: date, feed_hours: Mapping[str, float], translator: Translator
) -> Paper:
    """Return the report of a day, worded."""
    return _WORD[name](_READ[name](conn, on, feed_hours), translator)


def content(paper: Paper, format_: PaperFormat, translator: Translator) -> bytes:
    """Return a report as a file."""
    return document(paper, translator) if format_ == "pdf" else workbook(paper)
