"""What lies beside the cells of a sheet: merged ranges, formulas without a result, rows that are hidden or struck through."""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Sequence
from typing import Any

import openpyxl
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import coordinate_to_tuple

from geo_service.intake.formats.raw_record import UnreadableValue

COLUMNS = 1 << 14
"""The columns of one sheet."""
MOST_OPEN = COLUMNS // 2
"""The most merged ranges over several columns in one row, since ranges do not overlap."""
Span = tuple[int, int, int, str]
"""The first row, the first and the last column of a merged range, from 1, and the range as the sheet writes it."""


def _struck_styles(book: Any) -> set[str | None]:
    """The styles of a workbook whose text is struck through."""
    fonts = {place for place, font in enumerate(book._fonts) if font.strike}
    return {str(place) for place, style in enumerate(book._cell_styles) if style.fontId in fonts}


class Layout:
    """What row-by-row reading misses in a sheet: merged ranges, formulas without a stored result, rows that are hidden or struck through.

    Ranges are kept as they are written and looked up per row, because one range may span a million rows.
    """

    def __init__(self, sheet: Any) -> None:
        self._open: list[tuple[int, Span]] = []
        self._tall: dict[int, tuple[int, Any]] = {}
        self._without_result = array("Q")
        self._place = 0
        self.hidden: set[int] = set()
        self.struck: set[int] = set()
        self._row = 0
        self._spans: list[tuple[int, int, int, int, str]] = []
        self._read(sheet)
        self._coming = sorted(self._spans, reverse=True)

    def _read(self, sheet: Any) -> None:
        struck_styles = _struck_styles(sheet.parent)
        styles: set[str | None] = set()
        formula = result = False
        with sheet._get_source() as part:
            for _, element in iterparse(part):
                tag = element.tag.rpartition("}")[2]
                if tag == "f":
                    formula = True
                elif tag in ("v", "is"):
                    result = result or bool(element.text) or tag == "is"
                elif tag == "c":
                    self._note_cell(element, formula=formula, result=result)
                    styles |= {element.get("s")} if result else set()
                    formula = result = False
                elif tag == "row":
                    self._note_row(element, struck=bool(styles) and styles <= struck_styles)
                    styles = set()
                elif tag == "mergeCell":
                    self._note_span(element.get("ref", ""))
                element.clear()

    def _note_cell(self, element: Any, *, formula: bool, result: bool) -> None:
        if formula and not result and element.get("t") != "str" and (at := element.get("r")):
            row, column = coordinate_to_tuple(at)
            self._without_result.append(row * COLUMNS + column - 1)

    def _note_row(self, element: Any, *, struck: bool) -> None:
        self._row = int(element.get("r") or self._row + 1)
        if element.get("hidden") in ("1", "true"):
            self.hidden.add(self._row)
        if struck:
            self.struck.add(self._row)

    def _note_span(self, span: str) -> None:
        left, first, right, last = openpyxl.utils.range_boundaries(span)
        self._spans.append((first or 1, last or 1, left or 1, right or COLUMNS, span))

    def filled(self, row: int, values: Sequence[Any]) -> tuple[list[Any], list[Span]]:
        """The cells of a row, and the merged ranges over several columns in it. Rows must be asked in order.

        A merged range of one column gives its value to each of its rows.
        """
        cells = list(values)
        self._mark_formulas(row, cells)
        while self._coming and self._coming[-1][0] <= row:
            first, last, left, right, span = self._coming.pop()
            if left == right:
                self._tall[left - 1] = (last, cells[left - 1] if left <= len(cells) else None)
            else:
                heapq.heappush(self._open, (last, (first, left, right, span)))
        while self._open and self._open[0][0] < row:
            heapq.heappop(self._open)
        self._fill(row, cells)
        return cells, [span for _, span in self._open[:MOST_OPEN]]

    def _fill(self, row: int, cells: list[Any]) -> None:
        for column, (last, value) in list(self._tall.items()):
            if last < row:
                del self._tall[column]
            elif value not in (None, "") and any(cell not in (None, "") for cell in cells):
                cells.extend([None] * (column + 1 - len(cells)))
                if cells[column] in (None, ""):
                    cells[column] = value

    def _mark_formulas(self, row: int, cells: list[Any]) -> None:
        while self._place < len(self._without_result):
            at, column = divmod(self._without_result[self._place], COLUMNS)
            if at > row:
                return
            if at == row and column < len(cells) and cells[column] is None:
                cells[column] = UnreadableValue("formula_without_result")
            self._place += 1
