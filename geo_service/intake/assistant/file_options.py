"""Find out how a file is to be read: its encoding, the row with the names of its columns, and the list in a JSON document."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import islice

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.assistant import header_row
from geo_service.intake.assistant.meanings import Translate
from geo_service.intake.formats import files
from geo_service.intake.formats.raw_record import RawRecord, ReadOptions
from geo_service.intake.remarks import Remarks

LOOKED_AT = 2000
ENCODINGS = ("cp1252", "cp850", "mac-roman")
"""The encodings to try when the file is no UTF-8, the likeliest first: of Windows, DOS and old Macs."""
ACCENTS = frozenset("éèëêïîìàâäçôöóòüùûúáíñœß’“”€–²°ÉÈËÀÇÖÜ")
"""What stands in texts of Western Europe, and hardly comes out of another encoding."""


def readable(origin: str, options: ReadOptions, translate: Translate) -> tuple[ReadOptions, list[str]]:
    """The read options of the file, and the doubts about them. Raises the errors of the readers."""
    try:
        how, notes = _tried(origin, options)
    except SourceUnreachable as refused:
        if not (lists := refused.params.get("lists")) or options.form:
            raise
        return readable(origin, dataclasses.replace(options, form="records", items=lists[0]), translate)
    except InvalidInput as refused:
        if refused.errors[0].field != "encoding" or options.encoding:
            raise
        encoding = max(ENCODINGS, key=lambda one: _accents(origin, options, one))
        how, notes = _tried(origin, dataclasses.replace(options, encoding=encoding))
    return how, _doubts(how, options, notes, translate)


def _tried(origin: str, options: ReadOptions) -> tuple[ReadOptions, Remarks]:
    """The options with the header row, and what a whole read notes."""
    how, notes = _with_header_row(origin, options), Remarks()
    for _ in files.read(origin, how, notes):
        pass
    return how, notes


def _with_header_row(origin: str, options: ReadOptions) -> ReadOptions:
    """The options with the row that looks like the header, unless they name one."""
    if options.header_row != 1:
        return options
    return dataclasses.replace(options, header_row=header_row.head_row(origin, options))


def _accents(origin: str, options: ReadOptions, encoding: str) -> float:
    """The share of likely signs among those outside ASCII, when the file is read in this encoding."""
    try:
        how = _with_header_row(origin, dataclasses.replace(options, encoding=encoding))
        rows = islice(files.read(origin, how), LOOKED_AT)
        signs = [sign for text in _texts(rows) for sign in text if not sign.isascii()]
    except InvalidInput:
        return 0
    return sum(sign in ACCENTS for sign in signs) / len(signs) if signs else 0


def _texts(rows: Iterator[files.Row]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, RawRecord) and isinstance(row.record, dict):
            for name, value in (row.record.get("properties") or row.record).items():
                yield from (str(one) for one in (name, value))


def _doubts(how: ReadOptions, options: ReadOptions, notes: Remarks, translate: Translate) -> list[str]:
    doubts = (
        []
        if how.encoding in (None, options.encoding)
        else [translate("assistant.encoding", encoding=how.encoding)]
    )
    if how.header_row != options.header_row:
        doubts.append(translate("assistant.header_row", row=str(how.header_row)))
    if notes.left_behind:
        doubts.append(translate("assistant.left_behind", layers=", ".join(notes.left_behind)))
    return doubts
