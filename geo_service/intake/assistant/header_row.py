"""Find the row of a table that names its columns. Titles, dates and merged cells often stand above it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geo_service.intake.formats import text_table
from geo_service.intake.formats.files import form_of
from geo_service.intake.formats.origin import local
from geo_service.intake.formats.raw_record import ReadOptions
from geo_service.intake.mapping.column_words import COLUMNS, PLACES, column_fit, fit
from geo_service.intake.mapping.coordinates import number_of

LOOKED_AT = 30
NAMES_ENOUGH = 2
"""The number of known column names from which a row below the first counts as the header."""


def head_row(origin: str, how: ReadOptions) -> int:
    """The header row, counted from 1; 1 for files without rows. Raises the errors of the readers."""
    with local(origin) as path:
        rows = _first_rows(path, how)
    if not rows:
        return 1
    best = max(range(len(rows)), key=lambda place: (*_score(rows[place]), -place))
    return best + 1 if _score(rows[best])[0] >= NAMES_ENOUGH else 1


def _first_rows(path: Path, how: ReadOptions) -> Sequence[Sequence[Any]]:
    form = how.form or form_of(path)
    if form == "csv":
        return text_table.first_rows(path, how, LOOKED_AT)
    if form == "xlsx":
        from geo_service.intake.formats import workbook  # its library loads when it is needed

        return workbook.first_rows(path, how, LOOKED_AT)
    return []


def _score(row: Sequence[Any]) -> tuple[int, int]:
    """The number of known names in a row, and of names at all. A row with a repeated name is no header."""
    names = [str(cell).strip() for cell in row if cell not in (None, "")]
    words = [name for name in names if number_of(name) is None]
    if len(set(names)) < len(names) or len(words) < len(names):
        return 0, 0
    return sum(map(_is_heading, words)), len(words)


def _is_heading(name: str) -> bool:
    sure = (fit_ for field in COLUMNS if (fit_ := column_fit(name, field)))
    return any(one.sure for one in sure) or any(fit(name, words) for words in PLACES.values())
