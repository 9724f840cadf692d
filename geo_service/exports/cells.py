"""The cells of a workbook: each value as what it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

MOST_CHARACTERS = 32_767
"""Of one cell."""


def write(sheet: Worksheet, row: int, column: int, value: Any, shape: Any = None) -> None:
    """Write a value; an absent one leaves the cell empty. `shape` is the format of a number or a day. Text is written as text: a leading
    `=` is no formula, an address no link.
    """
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, shape)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, shape)
    else:
        sheet.write_string(row, column, str(value)[:MOST_CHARACTERS])
