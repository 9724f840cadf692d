"""Read Excel workbooks, row by row. A doubtful row is rejected with its reason, never guessed."""

from __future__ import annotations

import functools
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

import openpyxl

from geo_service.domain.errors import GeoServiceError, InvalidInput, SourceUnreachable
from geo_service.intake.formats import nesting, strict_workbook
from geo_service.intake.formats.damage import incomplete
from geo_service.intake.formats.origin import check_zip
from geo_service.intake.formats.raw_record import (
    ReadOptions,
    Remarks,
    Row,
    UnreadableValue,
    plain,
)
from geo_service.intake.formats.sheet_layout import Layout, Span
from geo_service.intake.formats.table_rows import (
    Ditto,
    head_again,
    names_of,
    no_table,
    row_of_cells,
    row_of_other_table,
)

MOST_TEXTS = 512 << 20
"""The largest text part of a workbook (bytes); it has to be in memory."""
MOST_SPANS = 3
"""The most merged ranges that a message lists."""
PIECE = 1 << 20


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The rows of a sheet. Raises SourceUnreachable when it is no workbook, InvalidInput about `sheet` and
    `header_row`.
    """
    try:
        with _open_book(path) as book:
            yield from _sheet_rows(_sheet(book, path, how, remarks), path, how, remarks)
    except GeoServiceError:
        raise
    except Exception as error:  # openpyxl raises errors of any type for a damaged workbook
        raise incomplete(path, "Excel", error, noun="workbook") from error


def first_rows(path: Path, how: ReadOptions, count: int) -> list[list[Any]]:
    """The first rows of the sheet as they are. Raises as `read` does."""
    try:
        with _open_book(path) as book:
            sheet = _sheet(book, path, how, Remarks())
            sheet.reset_dimensions()
            layout = Layout(sheet)
            rows = enumerate(islice(_values_of_rows(sheet), count), start=1)
            return [[plain(cell) for cell in layout.filled(number, cells)[0]] for number, cells in rows]
    except GeoServiceError:
        raise
    except Exception as error:
        raise incomplete(path, "Excel", error, noun="workbook") from error


@contextmanager
def _open_book(path: Path) -> Iterator[Any]:
    """The workbook with the results of its formulas."""
    with zipfile.ZipFile(path) as archive:
        _check(path, archive)
    with strict_workbook.transitional(path) as plain:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # print settings and the like, which it leaves out
            book = openpyxl.load_workbook(plain, read_only=True, data_only=True)
        with closing(book):
            yield book


def _check(path: Path, archive: zipfile.ZipFile) -> None:
    check_zip(path, archive.infolist())
    _check_parts(path, archive)
    texts = [one.file_size for one in archive.infolist() if one.filename.endswith("sharedStrings.xml")]
    if sum(texts) > MOST_TEXTS:
        raise SourceUnreachable("texts_too_large", file=path.name, limit=MOST_TEXTS, bytes=sum(texts))


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse excessive nesting, which exhausts the memory and the stack of the parsers."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            try:
                with archive.open(name) as part:
                    nesting.check_xml(iter(functools.partial(part.read, PIECE), b""))
            except nesting.TooDeep:
                raise nesting.too_deep(path.name) from None
            except expat.ExpatError as error:
                raise incomplete(path, "Excel", error, noun="workbook") from error


def _sheet(book: Any, path: Path, how: ReadOptions, remarks: Remarks) -> Any:
    """The only visible sheet with rows, or the one that `sheet` names; other sheets become remarks."""
    filled = [one for one in book.worksheets if len(book.worksheets) == 1 or _has_rows(one)]
    visible = [one for one in filled if one.sheet_state == "visible"]
    wanted = (how.sheet or "").strip()
    called = [one for one in book.worksheets if one.title.strip().casefold() == wanted.casefold()]
    match = next((one for one in called if one.title.strip() == wanted), next(iter(called), None))
    if (how.sheet is None or (match is None and how.sheet_or_only)) and len(visible) == 1:
        match = visible[0]
    if match is None:
        names = ", ".join(one.title for one in visible)
        raise InvalidInput.one("sheet", "sheet_unknown", file=path.name, known=names)
    for other in filled:
        if other is not match:
            remarks.left_behind[other.title] = None
    return match


def _has_rows(sheet: Any) -> bool:
    """Whether anything stands in a sheet."""
    sheet.reset_dimensions()
    return any(cell not in (None, "") for cells in sheet.iter_rows(values_only=True) for cell in cells)


def _sheet_rows(sheet: Any, path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    layout = Layout(sheet)
    sheet.reset_dimensions()  # a sheet formatted to its last cell would be read to it: 17 thousand million cells
    names: list[str] = []
    columns: list[str] = []
    other: int | None = None
    ditto = Ditto()
    for number, values in enumerate(_values_of_rows(sheet), start=1):
        cells, spans = layout.filled(number, values)
        if number < how.header_row:
            continue
        if number == how.header_row:
            names = columns = _head(cells, spans, sheet.title, path, how)
        elif head := head_again(columns, [plain(cell) for cell in cells], path.name):
            names, other, ditto = head.names, number if head.is_other else None, Ditto()
        elif other and any(cell not in (None, "") for cell in cells):
            yield row_of_other_table(other, number)
        elif any(cell not in (None, "") for cell in cells):
            if number in layout.hidden:
                remarks.hidden_rows.append(number)
            if number in layout.struck:
                remarks.struck_rows.append(number)
            plain_cells = ditto.filled([_cell(one) for one in cells])
            yield row_of_cells(names, _mark_spans(number, plain_cells, spans, len(names)), number)
    if not names:
        raise no_table(path.name)


def _values_of_rows(sheet: Any) -> Iterator[list[Any]]:
    """The values of each row. A day that is shown with its hour is a moment, also at midnight."""
    for row in sheet.iter_rows():
        yield [_midnight(cell) if isinstance(cell.value, datetime) else cell.value for cell in row]


def _midnight(cell: Any) -> Any:
    is_moment = cell.value.time() == time() and "h" in cell.number_format.lower()
    return cell.value.isoformat() if is_moment else cell.value


def _mark_spans(row: int, cells: list[Any], spans: list[Span], columns: int) -> list[Any]:
    """The cells of a row, with those that a merged range covers as unreadable; its first cell holds its value."""
    for first, left, right, span in spans:
        cells.extend([None] * (min(right, columns) - len(cells)))
        for column in range(left if row == first else left - 1, min(right, columns)):
            cells[column] = UnreadableValue("merged_cells.column", {"spans": [span]})
    return cells


def _head(cells: Sequence[Any], spans: list[Span], sheet: str, path: Path, how: ReadOptions) -> list[str]:
    if spans:
        raise InvalidInput.one(
            "header_row",
            "merged_cells.header",
            file=path.name,
            sheet=sheet,
            header=how.header_row,
            spans=sorted(span for *_, span in spans)[:MOST_SPANS],
        )
    return names_of([plain(cell) for cell in cells], path.name)


def _cell(value: Any) -> Any:
    return value if isinstance(value, UnreadableValue) else plain(value)
