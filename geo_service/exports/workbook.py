"""XLSX: days as days, a head that stays in view with a filter in each column, and a sheet that says what the columns mean."""

from __future__ import annotations

import tempfile
from collections.abc import Generator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geo_service.exports import cells
from geo_service.exports.csv_table import places
from geo_service.exports.layout import Layout, Rows, pieces
from geo_service.exports.values import for_cell
from geo_service.presentation import fields as words

MOST_ROWS = 1_048_575
"""The rows of a sheet below its head."""
PLACE = ("lon", "lat")
WIDE, NARROW = 24, 14
"""Widths of columns (characters)."""
DATES = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm"}


def write(rows: Rows, layout: Layout) -> Generator[bytes]:
    """A file on disk first, a row in memory at a time: a workbook is a packed file whose head comes last."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        options = {"constant_memory": True, "tmpdir": folder}
        with xlsxwriter.Workbook(path, options) as book:
            yield from _fill(book, rows, layout)
        yield from pieces(path)


def _fill(book: xlsxwriter.Workbook, rows: Rows, layout: Layout) -> Generator[bytes]:
    """Nothing but breaths: between two batches whoever left is noticed."""
    formats = {kind: book.add_format({"num_format": shape}) for kind, shape in DATES.items()}
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    names = [*layout.fields, *PLACE]
    sheet = book.add_worksheet(layout.translator.text(f"ogc.collection.{layout.collection}")[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(names) - 1, NARROW)
    for place, name in enumerate(names):
        sheet.write_string(0, place, words.title(layout.collection, name, layout.translator), head)
    row_number = 0
    for batch in rows:
        for row, point in zip(batch, places(batch, layout.crs), strict=True):
            row_number += 1
            for place, value in enumerate((*_values(row, layout), *point)):
                cells.write(sheet, row_number, place, value, formats.get(type(value)))
        yield b""
    sheet.autofilter(0, 0, row_number, len(names) - 1)
    _explain(book.add_worksheet(layout.translator.text("dictionary.sheet")), names, layout, head)


def _values(row: dict[str, Any], layout: Layout) -> Generator[Any]:
    zone = ZoneInfo(layout.timezone)
    for name in layout.fields:
        value = for_cell(words.value(layout.collection, name, row[name], layout.translator))
        yield value.astimezone(zone).replace(tzinfo=None) if isinstance(value, datetime) else value


def _explain(sheet: Worksheet, names: list[str], layout: Layout, head: Any) -> None:
    translator = layout.translator
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, WIDE)
    sheet.set_column(2, 2, 4 * WIDE)
    for place, key in enumerate(("title", "field", "meaning")):
        sheet.write_string(0, place, translator.text(f"dictionary.head.{key}"), head)
    for number, name in enumerate(names, start=1):
        sheet.write_string(number, 0, words.title(layout.collection, name, translator))
        sheet.write_string(number, 1, name)
        sheet.write_string(number, 2, words.meaning(layout.collection, name, translator))
