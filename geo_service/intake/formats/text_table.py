"""Read CSV with any delimiter, row by row. A doubtful row is rejected with its reason, never guessed."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import encodings
from geo_service.intake.formats.origin import open_bytes
from geo_service.intake.formats.raw_record import InvalidRow, ReadOptions, Remarks, Row
from geo_service.intake.formats.table_rows import (
    Ditto,
    head_again,
    names_of,
    no_table,
    row_of_cells,
    row_of_other_table,
)

DELIMITERS = ";,\t|"
MOST_LINE = 4 << 20
"""The longest line (bytes); an outline of 50,000 points fits."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 1 << 16
DOS_END = b"\x1a"
"""The end-of-file character of DOS, which some exports still write after the last line."""
_SEP_LINE = re.compile(r"\"?sep=(.)\"?[;,\t|]*\s*", re.IGNORECASE)
"""The line above a table that gives Excel its delimiter."""
_QUOTED_LINE = re.compile(rf'"[^"{DELIMITERS}]+[{DELIMITERS}].*[{DELIMITERS}].*"\s*$', re.DOTALL)
"""A line of three cells or more between one pair of quotes."""


def read(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[Row]:
    """The rows of a table. Raises InvalidInput about `encoding`, with line and column, for an undecodable
    byte; otherwise SourceUnreachable.
    """
    with _lines_of(path, how, remarks) as lines:
        first, delimiter = _first(lines, how)
        if not first.strip() or "\x00" in first:
            raise no_table(path.name)
        lines.delimiter = how.delimiter or delimiter or max(DELIMITERS, key=first.count)
        csv.field_size_limit(MOST_LINE)
        yield from _Table(lines, path.name).rows(first)


def first_rows(path: Path, how: ReadOptions, count: int) -> list[list[Any]]:
    """The first rows as they are. Raises as `read` does."""
    with _lines_of(path, how, Remarks()) as lines:
        first, delimiter = _first(lines, ReadOptions())
        some = [first, *islice(lines, count - 1)]
        delimiter = how.delimiter or delimiter or max(DELIMITERS, key="".join(some).count)
        try:
            return list(csv.reader(some, delimiter=delimiter))
        except csv.Error:
            return []


@contextmanager
def _lines_of(path: Path, how: ReadOptions, remarks: Remarks) -> Iterator[_Lines]:
    with open_bytes(path) as file:
        encoding = encodings.of_text(file, how, remarks, path.name)
        if encoding != encodings.UTF_16_NAME:
            yield _Lines(file, path.name, encoding)
            return
        with encodings.as_utf_8(file, encoding, path.name) as copy:
            yield _Lines(copy, path.name, "utf-8")


def line_ends(path: Path) -> str:
    """The line ending of a file: `\\r` of an old Mac, else `\
    `. Raises SourceUnreachable.
    """
    with open_bytes(path) as file:
        start = file.read(LOOKED_AT)
    return "\r" if b"\r" in start and b"\n" not in start else "\n"


def _first(lines: _Lines, how: ReadOptions) -> tuple[str, str | None]:
    """The header line, and the delimiter of a `sep=` line above it, which is no row."""
    line = next(lines, "") if how.header_row == 1 else lines.undecoded()
    match = _SEP_LINE.fullmatch(line)
    for _ in range(how.header_row - (1 if match else 2)):
        lines.skip()
    if match or how.header_row > 1:
        line = next(lines, "")
    if content := _line_in_quotes(line):
        lines.quoted, line = True, content
    return line, match[1] if match else None


def _line_in_quotes(text: str) -> str | None:
    """The line inside one pair of quotes: Excel writes each line so when it saves a table that it took for one
    column. None for any other line.
    """
    cells = next(csv.reader([text]), [])
    return f"{cells[0]}\n" if len(cells) == 1 and _QUOTED_LINE.match(text) else None


class _Table:
    """The rows below a header; an unreadable row is rejected, and reading continues."""

    def __init__(self, lines: _Lines, name: str) -> None:
        self._lines, self._name = lines, name
        self._columns: list[str] = []
        self._names: list[str] = []

    def rows(self, first: str) -> Iterator[Row]:
        reader = self._reader([first])
        try:
            self._names = self._lines.names = self._columns = names_of(next(reader), self._name)
        except csv.Error as error:
            raise self._refusal(error) from error
        other: int | None = None
        ditto = Ditto()
        while True:
            began = self._lines.number + 1
            try:
                cells = [_unquote(cell) for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                if self._lines.number != began or self._lines.over:
                    raise self._refusal(error) from error  # an unclosed quote swallows the rest of the file
                yield InvalidRow("line_not_read", params={"error": str(error)}, line=began)
                reader = self._reader([])
                continue
            self._check_end(cells)
            if head := head_again(self._columns, cells, self._name):
                self._names = self._lines.names = head.names
                other, ditto = (began if head.is_other else None), Ditto()
            elif any(cell.strip() for cell in cells):
                cells = ditto.filled(cells)
                yield row_of_other_table(other, began) if other else row_of_cells(self._names, cells, began)

    def _reader(self, first: Sequence[str]) -> Any:
        return csv.reader(chain(first, self._lines), delimiter=self._lines.delimiter, strict=True)

    def _check_end(self, cells: Sequence[str]) -> None:
        if len(cells) < len(self._names) and not self._lines.ended:
            raise SourceUnreachable(
                "line_cut_off", file=self._name, cells=len(cells), columns=len(self._names)
            )

    def _refusal(self, error: csv.Error) -> SourceUnreachable:
        number = self._lines.number
        return SourceUnreachable("quotes_open", file=self._name, line=number, error=str(error))


def _unquote(cell: str) -> str:
    """The text of `="0012"`, by which exports keep Excel from making it a number."""
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


class _Lines:
    """The lines of a file as text. `number` counts from 1, as editors do."""

    def __init__(self, file: IO[bytes], name: str, encoding: str) -> None:
        start = file.tell()
        head = file.read(LOOKED_AT)
        file.seek(start)
        old_mac = b"\r" in head and b"\n" not in head
        self._file: Any = _ReturnLines(file) if old_mac else file
        self._end = b"\r" if old_mac else b"\n"
        self._name, self._encoding = name, encoding
        self.number = 0
        self.ended = True
        self.over = False
        self.delimiter = ","
        self.names: Sequence[str] = ()
        self.quoted = False
        """Whether each line stands in quotes as a whole."""
        self._waiting: deque[bytes] = deque()
        try:
            b"".decode(encoding)
        except LookupError:
            raise InvalidInput.one("encoding", "encoding_unknown", given=encoding) from None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.skip()
        if not line:
            self.over = True
            raise StopIteration
        if self.number == 1 and (line[:2] in UTF_16 or line.count(0) * 3 > len(line)):
            raise InvalidInput.one("encoding", "encoding_wrong", file=self._name)
        if self._end == b"\r":
            line = line.replace(b"\r", b"\n")
        text = self._decoded(line)
        return (_line_in_quotes(text) or text) if self.quoted else text

    def _decoded(self, line: bytes) -> str:
        """The text of a line; one in UTF-8 is read as that among lines in another encoding."""
        if self._encoding != "utf-8" and encodings.is_utf_8([line]):
            return line.decode()
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError as error:
            raise self._refusal(line, error) from error

    def undecoded(self) -> str:
        """The next line as bytes; it stands outside the table and may have any encoding."""
        return self.skip().decode("latin-1")

    def skip(self) -> bytes:
        line: bytes = self._waiting.popleft() if self._waiting else self._physical_line()
        if line.rstrip(b"\r\n") == DOS_END:
            line = b""
        self.number += bool(line)
        self.ended = line.endswith(self._end) if line else self.ended
        if len(line) > MOST_LINE:
            raise SourceUnreachable("line_too_long", file=self._name, line=self.number, limit=MOST_LINE)
        return line

    def _physical_line(self) -> bytes:
        """The next line; parts of it that end in a carriage return only wait for their turn."""
        line: bytes = self._file.readline(MOST_LINE + 1)
        if len(line) > MOST_LINE:  # only its beginning, which is refused
            return line
        end = b"\r\n" if line.endswith(b"\r\n") else line[-1:]
        if b"\r" not in line[: -len(end)]:
            return line
        *before, last = line[: -len(end)].split(b"\r")
        self._waiting.extend([*(part + b"\n" for part in before), last + end])
        return self._waiting.popleft()

    def _refusal(self, line: bytes, error: UnicodeDecodeError) -> InvalidInput:
        place = line[: error.start].count(self.delimiter.encode())
        excerpt = line[max(0, error.start - 12) : error.start + 6].decode("cp1252", "replace")
        figures = {
            "file": self._name,
            "line": self.number,
            "byte": f"{line[error.start]:#x}",
            "near": excerpt,
            "encoding": self._encoding,
        }
        if place >= len(self.names):
            return InvalidInput.one("encoding", "encoding_wrong.near", **figures)
        return InvalidInput.one("encoding", "encoding_wrong.column", column=self.names[place], **figures)


class _ReturnLines:
    """The lines of an old Mac, which end in a carriage return only."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._rest = file, b""

    def readline(self, most: int) -> bytes:
        while b"\r" not in self._rest and len(self._rest) < most:
            if not (chunk := self._file.read(LOOKED_AT)):
                break
            self._rest += chunk
        end = self._rest.find(b"\r") + 1 or len(self._rest)
        line, self._rest = self._rest[: min(end, most)], self._rest[min(end, most) :]
        return line
