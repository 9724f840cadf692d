"""Tables: CSV of any delimiter, and Excel workbooks. Row by row; what makes a row doubtful is said, not guessed."""

from __future__ import annotations

import csv
import functools
import heapq
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

import openpyxl
from defusedxml.ElementTree import iterparse
from openpyxl.utils.exceptions import InvalidFileException

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import nesting
from geo_service.intake.formats.damaged import incomplete
from geo_service.intake.formats.given import Given, How, NotARecord, Row, plain
from geo_service.intake.formats.origin import check_zip, opened

DELIMITERS = ";,\t|"
MOST_LINE = 4 << 20
"""An outline of 50,000 points fits (bytes)."""
MOST_TEXTS = 512 << 20
"""Excel keeps all texts in one part, which has to be in memory (bytes)."""
MOST_COLUMNS = 2_000
"""The widest table of real works has 74."""
PIECE = 1 << 20
MOST_SPANS = 3
"""Merged ranges that a message names."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
CELL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}


def read_csv(path: Path, how: How) -> Iterator[Row]:
    """Raises InvalidInput about `encoding` with the line and the column when a byte cannot be read, SourceUnreachable otherwise."""
    with opened(path) as file:
        lines = _Lines(file, path.name, how.encoding or "utf-8")
        for _ in range(how.header_row - 1):
            lines.skip()
        first = next(lines, "")
        if not first.strip() or "\x00" in first:
            raise SourceUnreachable(
                f"{path.name} is no table: it has no row with the names of the columns",
                reason="no_table",
                file=path.name,
            )
        lines.delimiter = how.delimiter or max(DELIMITERS, key=first.count)
        csv.field_size_limit(MOST_LINE)
        try:
            rows = csv.reader(chain([first], lines), delimiter=lines.delimiter, strict=True)
            names = lines.names = _names(next(rows), path.name)
            began = lines.number + 1
            for cells in rows:
                if len(cells) < len(names) and not lines.ended:
                    message = f"{path.name} is cut off: its last line has {len(cells)} of {len(names)} cells"
                    raise SourceUnreachable(
                        message, reason="line_cut_off", file=path.name, cells=len(cells), columns=len(names)
                    )
                if any(cell.strip() for cell in cells):
                    yield _row(names, cells, began)
                began = lines.number + 1
        except csv.Error as error:
            raise SourceUnreachable(
                f"{path.name}, line {lines.number}: {error}",
                reason="line_not_read",
                file=path.name,
                line=lines.number,
                error=str(error),
            ) from error


class _Lines:
    """The lines of a file as text. `number` counts from 1, as editors do."""

    def __init__(self, file: IO[bytes], name: str, encoding: str) -> None:
        self._file, self._name, self._encoding = file, name, encoding
        self.number = 0
        self.ended = True
        self.delimiter = ","
        self.names: Sequence[str] = ()
        try:
            b"".decode(encoding)
        except LookupError:
            raise InvalidInput.one(
                "encoding", "encoding_unknown", f"there is no encoding {encoding}", given=encoding
            ) from None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.skip()
        if not line:
            raise StopIteration
        if self.number == 1 and (line[:2] in UTF_16 or line.count(0) * 3 > len(line)):
            message = f"{self._name} is in UTF-16: save it as UTF-8 (in Excel: CSV UTF-8)"
            raise InvalidInput.one("encoding", "encoding_wrong", message, line=1)
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise self._refused(line, error) from error

    def skip(self) -> bytes:
        line = self._file.readline(MOST_LINE + 1)
        self.number += bool(line)
        self.ended = line.endswith(b"\n") if line else self.ended
        if len(line) > MOST_LINE:
            raise SourceUnreachable(
                f"{self._name}: line {self.number} is longer than {MOST_LINE} bytes",
                reason="line_too_long",
                file=self._name,
                line=self.number,
                limit=MOST_LINE,
            )
        return line

    def _refused(self, line: bytes, error: UnicodeDecodeError) -> InvalidInput:
        place = line[: error.start].count(self.delimiter.encode())
        column = f", column {self.names[place]!r}" if place < len(self.names) else ""
        shown = line[max(0, error.start - 12) : error.start + 6].decode("cp1252", "replace")
        message = (
            f"{self._name}, line {self.number}{column}: byte {line[error.start]:#x} (near {shown!r}) is not {self._encoding}: "
            "say `encoding` in the mapping, for example cp1252"
        )
        return InvalidInput.one(
            "encoding", "encoding_wrong", message, line=self.number, near=shown, encoding=self._encoding
        )


def read_xlsx(path: Path, how: How) -> Iterator[Row]:
    """Raises SourceUnreachable when it is no workbook, InvalidInput about `sheet` and `header_row`."""
    try:
        with path.open("rb") as file:
            _check(path)
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            yield from _sheet_rows(path, _sheet(book, path, how), how)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        zlib.error,
        KeyError,
        ValueError,
        OSError,
        EOFError,
    ) as error:
        raise incomplete(path, "Excel", error, noun="workbook") from error


def _check(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        check_zip(path, archive.infolist())
        _check_parts(path, archive)
        texts = [one.file_size for one in archive.infolist() if one.filename.endswith("sharedStrings.xml")]
        if sum(texts) > MOST_TEXTS:
            raise SourceUnreachable(
                f"{path.name} holds {sum(texts)} bytes of text, more than {MOST_TEXTS}: save it as CSV",
                reason="texts_too_large",
                file=path.name,
                limit=MOST_TEXTS,
            )


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    """Whatever is nested deeper than any workbook takes the parsers' memory, and their stack."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            try:
                with archive.open(name) as part:
                    nesting.check_xml(iter(functools.partial(part.read, PIECE), b""))
            except nesting.TooDeep:
                raise nesting.refused(path.name) from None
            except expat.ExpatError as error:
                raise incomplete(path, "Excel", error, noun="workbook") from error


def _sheet(book: Any, path: Path, how: How) -> Any:
    shown = [one for one in book.worksheets if one.sheet_state == "visible"]
    if how.sheet is None and len(shown) == 1:
        return shown[0]
    match = next((one for one in book.worksheets if one.title == how.sheet), None)
    if match is None:
        names = ", ".join(one.title for one in shown)
        message = f"{path.name} has the sheets {names}: say which in `sheet`"
        raise InvalidInput.one("sheet", "sheet_unknown", message, file=path.name, known=names)
    return match


def _sheet_rows(path: Path, sheet: Any, how: How) -> Iterator[Row]:
    merged = _Merged(path, sheet)
    sheet.reset_dimensions()  # a sheet formatted to its last cell would be read to it: 17 thousand million cells
    if spans := merged.at(how.header_row):
        message = f"{path.name}, {sheet.title}: {', '.join(spans)} is merged in row {how.header_row}, which should name the columns"
        raise InvalidInput.one(
            "header_row",
            "merged_cells",
            f"{message}: say `header_row`, or split the cells",
            header=how.header_row,
            spans=spans,
        )
    rows = sheet.iter_rows(min_row=how.header_row, values_only=True)
    names = _names([plain(cell) for cell in next(rows, ())], path.name)
    for number, cells in enumerate(rows, start=how.header_row + 1):
        if all(cell is None or cell == "" for cell in cells):
            continue
        if spans := merged.at(number):
            message = f"{', '.join(spans)} is merged, so that some cells are empty"
            yield NotARecord("merged_cells", message, None, {"spans": spans}, number)
            continue
        wrong = next((name for name, cell in zip(names, cells, strict=False) if cell in CELL_ERRORS), None)
        if wrong is not None:
            yield NotARecord("cell_error", f"{wrong} holds an Excel error", wrong, line=number)
            continue
        yield _row(names, [plain(cell) for cell in cells], number)


class _Merged:
    """The merged ranges: reading row by row leaves them out, and with them the values of all cells but the first.

    Kept as they are written and asked row after row: a range may have a million rows, and a sheet many ranges.
    """

    def __init__(self, path: Path, sheet: Any) -> None:
        self._open: list[tuple[int, str]] = []
        coming: list[tuple[int, int, str]] = []
        with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as part:
            for _, element in iterparse(part):
                if element.tag.endswith("}mergeCell"):
                    span = element.get("ref", "")
                    _, first, _, last = openpyxl.utils.range_boundaries(span)
                    coming.append((first or 1, last or 1, span))
                element.clear()
        self._coming = sorted(coming, reverse=True)

    def at(self, row: int) -> list[str]:
        """Some of the ranges that lie over a row, which is below those asked before."""
        while self._coming and self._coming[-1][0] <= row:
            _, last, span = self._coming.pop()
            heapq.heappush(self._open, (last, span))
        while self._open and self._open[0][0] < row:
            heapq.heappop(self._open)
        return sorted(span for _, span in self._open[:MOST_SPANS])


def _names(cells: Sequence[Any], file: str) -> list[str]:
    names = ["" if cell is None else str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not any(names):
        raise SourceUnreachable(
            f"{file} is no table: it has no row with the names of the columns", reason="no_table", file=file
        )
    if len(names) > MOST_COLUMNS:
        raise SourceUnreachable(
            f"{file} has {len(names)} columns, more than {MOST_COLUMNS}",
            reason="columns_too_many",
            file=file,
            columns=len(names),
            limit=MOST_COLUMNS,
        )
    twice = {name for name, count in Counter(names).items() if name and count > 1}
    if twice:
        message = f"{file} has two columns named {', '.join(sorted(twice))}"
        raise InvalidInput.one("header_row", "columns_twice", message, columns=sorted(twice))
    return names


def _row(names: Sequence[str], cells: Sequence[Any], line: int) -> Row:
    beyond = [cell for cell in cells[len(names) :] if cell not in (None, "")]
    if beyond:
        return NotARecord(
            "columns_differ",
            f"this row has {len(cells)} cells, the first row names {len(names)}",
            None,
            {"cells": len(cells), "columns": len(names)},
            line,
        )
    return Given(
        {
            "properties": {name: cell for name, cell in zip(names, cells, strict=False) if name},
            "geometry": None,
        },
        line=line,
    )
