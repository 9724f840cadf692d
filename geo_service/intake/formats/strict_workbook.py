"""Convert workbooks in Excel's *Strict Open XML* form, whose part names openpyxl does not know."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from typing import IO, cast

CHUNK = 1 << 16
HEAD = 1 << 16
"""The size of the start of a part that holds its namespaces (bytes)."""
STRICT = b"http://purl.oclc.org/ooxml/"
NAMES = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/main", b"http://schemas.openxmlformats.org/drawingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)  # fmt: skip
"""Namespaces of ECMA-376: strict (part 1) and transitional (part 4)."""


def transitional(path: Path) -> IO[bytes]:
    """The workbook in *transitional* form: the file itself, or a temporary copy."""
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return path.open("rb")
        with archive.open("xl/workbook.xml") as part:
            if STRICT not in part.read(HEAD):
                return path.open("rb")
        copy = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as renamed:
            for member in archive.infolist():
                _copy(archive, member, renamed)
    copy.seek(0)
    return copy


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, renamed: zipfile.ZipFile) -> None:
    with archive.open(member) as part, renamed.open(member.filename, "w") as copy:
        head = part.read(member.file_size if member.filename.endswith(".rels") else HEAD)
        for strict, plain in NAMES:
            head = head.replace(strict, plain)
        copy.write(head)
        while chunk := part.read(CHUNK):
            copy.write(chunk)
