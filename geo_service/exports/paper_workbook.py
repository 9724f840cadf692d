"""The workbook behind a report: each of its tables as a sheet, with days as days and euros as numbers."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geo_service.exports import cells
from geo_service.presentation.papers.paper import Kind, Paper, Table

FORMATS: dict[Kind, str] = {"day": "yyyy-mm-dd", "money": "#,##0.00"}
WIDE, NARROW = 36, 14
"""Widths of columns (characters)."""


def workbook(paper: Paper) -> bytes:
    """Return the tables of a report as XLSX."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": shape}) for kind, shape in FORMATS.items()}
        for table in paper.tables:
            _fill(book.add_worksheet(table.sheet[:31]), table, head, formats)
    return target.getvalue()


def _fill(sheet: Worksheet, table: Table, head: Any, formats: dict[Kind, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, WIDE if column.kind == "text" else NARROW)
        sheet.write_string(0, place, column.head, head)
    for number, row in enumerate(table.rows, start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            cells.write(sheet, number, place, value, formats.get(column.kind))
    sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
