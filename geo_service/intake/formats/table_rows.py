"""What all tables share: a header row, rows of cells, and totals at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.raw_record import InvalidRow, RawRecord, Row, UnreadableValue, tidy

CELL_ERRORS = {
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#N/B", "#VERW!", "#WAARDE!", "#DEEL/0!", "#NAAM?",
    "#LEEG!", "#GETAL!", "#VALEUR!", "#NOM?", "#NUL!", "#NOMBRE!", "#NV", "#BEZUG!", "#WERT!", "#ZAHL!",
}  # fmt: skip
"""The errors of Excel in English, Dutch, French and German."""
DITTO = {"idem", "idem dito", "dito", "ditto", '"', '""', "''", "„", "”", "″", "〃"}
"""What people write for "as above"."""
LONGEST_DITTO = 12
LEAST_SHARED = 3
"""The least names of columns in a head below the first one, in a table that has as many."""
MOST_COLUMNS = 2_000
"""The most columns of a table; the widest one of real works has 74."""
TOTALS = (
    "totaal",
    "subtotaal",
    "eindtotaal",
    "total",
    "subtotal",
    "grand total",
    "totaux",
    "sous-total",
    "summe",
    "gesamt",
    "som",
    "somme",
    "total général",
    "gesamtsumme",
    "totaal aantal",
    "totaal generaal",
    "algemeen totaal",
    "aantal",
)


def names_of(cells: Sequence[Any], file: str) -> list[str]:
    """The names of the columns; a repeated one is numbered. Raises SourceUnreachable when there are none."""
    names = numbered(["" if cell is None else tidy(str(cell)) for cell in cells])
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise no_table(file)
    if len(names) > MOST_COLUMNS:
        raise SourceUnreachable("columns_too_many", file=file, columns=len(names), limit=MOST_COLUMNS)
    return names


def numbered(names: Sequence[str]) -> list[str]:
    """The names, where several columns have the same one with their number: `Opmerking (1)`, `Opmerking (2)`."""
    counts, seen = Counter(names), Counter[str]()
    numbers = []
    for name in names:
        seen[name] += 1
        while name and counts[name] > 1 and f"{name} ({seen[name]})" in counts:
            seen[name] += 1
        numbers.append(f"{name} ({seen[name]})" if name and counts[name] > 1 else name)
    return numbers


def no_table(file: str) -> SourceUnreachable:
    """The error for a file without a header row."""
    return SourceUnreachable("no_table", file=file)


class Head(NamedTuple):
    """A head below the first one: its columns, and whether it lacks some of them and so begins another table."""

    names: list[str]
    is_other: bool


def head_again(names: Sequence[str], cells: Sequence[Any], file: str) -> Head | None:
    """The head that a row is: most of its cells hold names of columns, in any order and in capitals or not; None for any other row."""
    columns = {name.casefold(): name for name in names if name}
    texts = numbered(["" if cell is None else tidy(str(cell)) for cell in cells])
    if not texts or texts[0].casefold() not in columns:
        return None
    again = [columns.get(text.casefold(), text) for text in texts]
    shared = len({name for name in again if name in columns.values()})
    if shared < min(LEAST_SHARED, len(columns)) or 2 * shared <= len(texts) - texts.count(""):
        return None
    return Head(names_of(again, file), is_other=shared < len(columns))


class Ditto:
    """Marks for "as above" in a table, with what stands above them."""

    def __init__(self) -> None:
        self._above: Sequence[Any] = ()

    def filled(self, cells: Sequence[Any]) -> list[Any]:
        """The cells of the next row, with what stands above in the place of each mark."""
        filled = [
            self._above[place] if _is_ditto(cell) and place < len(self._above) else cell
            for place, cell in enumerate(cells)
        ]
        self._above = filled
        return filled


def _is_ditto(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) <= LONGEST_DITTO and tidy(cell).casefold().rstrip(".") in DITTO


def row_of_other_table(head: int, line: int) -> Row:
    """The rejection of a row below a head (in line `head`) with other columns."""
    return InvalidRow("other_table", None, {"head": head}, line)


def row_of_cells(names: Sequence[str], cells: Sequence[Any], line: int) -> Row:
    """A row as a record, or the rejection of a row with totals."""
    if word := _total(names, cells):
        return InvalidRow("total_row", None, {"given": word}, line, record={})
    properties = {name: _readable(cell) for name, cell in zip(names, cells, strict=False) if name}
    record = {"properties": properties, "geometry": None}
    if any(cell not in (None, "") for cell in cells[len(names) :]):
        figures = {"cells": len(cells), "columns": len(names)}
        return InvalidRow("columns_differ.cells", params=figures, line=line, record=record)
    return RawRecord(record, line=line)


def _readable(cell: Any) -> Any:
    """The cell, or why it is unreadable: Excel writes its errors as words of the language of its user."""
    is_error = isinstance(cell, str) and cell.startswith("#") and cell.strip().upper() in CELL_ERRORS
    return UnreadableValue("cell_error") if is_error else cell


def _total(names: Sequence[str], cells: Sequence[Any]) -> str | None:
    """The word of a total, in a row that is mostly empty and otherwise holds sums."""
    count = len(cells) - cells.count("") - cells.count(None)
    if 2 * count > max(len(names), 2):
        return None
    filled = [cell for cell in cells if cell not in (None, "")]
    if not filled:
        return None
    first, *others = filled
    word = tidy(str(first)).rstrip(" :").casefold() if isinstance(first, str) else ""
    sums = all(isinstance(one, int | float | UnreadableValue) or _is_number(str(one)) for one in others)
    return str(first) if word in TOTALS and sums else None


def _is_number(text: str) -> bool:
    return bool(text) and all(sign.isdigit() or sign in " .,-+€'\u00a0" for sign in text)
