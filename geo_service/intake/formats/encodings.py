"""Encoding names as programs write them in the `.cpg` file of a shapefile, and the sign of UTF-8 in a text."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from geo_service.domain.errors import InvalidInput
from geo_service.intake.formats.raw_record import ReadOptions, Remarks

MAX_QUOTE_CHARACTERS = 40
_PAGE = re.compile(
    r"(?:ansi|oem|windows|win|cp|ms|ibm|dos|codepage|code page)?[\s_-]*(\d{3,5})", re.IGNORECASE
)
_ISO = re.compile(r"(?:iso)?[\s_-]*8859[\s_-]*(\d{1,2})", re.IGNORECASE)
_NAMES = {"ansi": "cp1252", "latin1": "latin-1", "unicode": "utf-8"}
"""Encoding names without a number, as machines in Belgium mean them."""
UTF_8_PAGE = "65001"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""The first bytes of a text in UTF-16, such as *Unicode text* of Excel."""
UTF_16_NAME = "utf-16"
CHUNK = 1 << 16


def of_page(path: Path) -> str | None:
    """The encoding that a `.cpg` names, None when it is empty. Raises InvalidInput about `encoding` for an
    unknown one.
    """
    text = (
        path.read_bytes()[:200].decode("latin-1").removeprefix("\u00ef\u00bb\u00bf").strip(' \t\r\n\x00\x1a"')
    )
    if not text:
        return None
    name = _python_name(text)
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        raise InvalidInput.one(
            "encoding", "encoding_unknown.page", page=path.name, given=text[:MAX_QUOTE_CHARACTERS]
        ) from None


def is_utf_8_name(name: str) -> bool:
    """Whether this is a name of UTF-8. Raises InvalidInput about `encoding` for an unknown one."""
    try:
        "".encode(name)  # `hex` and `zip` are codecs too, and no encodings of texts
        return codecs.lookup(name).name in ("utf-8", "utf-8-sig")
    except (LookupError, ValueError):
        raise InvalidInput.one("encoding", "encoding_unknown", given=name[:MAX_QUOTE_CHARACTERS]) from None


def is_utf_8(chunks: Iterable[bytes]) -> bool:
    """Whether a text has letters outside ASCII and all of them are UTF-8, which no other text is by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    plain = True
    try:
        for chunk in chunks:
            plain = plain and chunk.isascii()
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return not plain


def of_text(file: IO[bytes], how: ReadOptions, remarks: Remarks, name: str) -> str:
    """UTF-8 unless the mapping names another encoding and the text is not UTF-8; UTF-16 if the text says so
    itself. Raises InvalidInput about `encoding` for an unknown one, and for UTF-16 of file `name` that does not say so.
    """
    start = file.tell()
    head = file.read(len(UTF_16[0]))
    file.seek(start)
    if head in UTF_16:
        return UTF_16_NAME
    if how.encoding is None and b"\x00" in head:
        raise InvalidInput.one("encoding", "encoding_wrong", file=name)
    if how.encoding is None or is_utf_8_name(how.encoding):
        return "utf-8"
    is_it = is_utf_8(iter(partial(file.read, CHUNK), b""))
    file.seek(start)
    if not is_it:
        return how.encoding
    remarks.encoding = how.encoding
    return "utf-8"


@contextmanager
def as_utf_8(file: IO[bytes], encoding: str, name: str) -> Iterator[IO[bytes]]:
    """The text of file `name` in another encoding, as a temporary file in UTF-8. Raises InvalidInput about
    `encoding` where it is no such text.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    with tempfile.TemporaryFile() as copy:
        try:
            for chunk in iter(partial(file.read, CHUNK), b""):
                copy.write(decoder.decode(chunk).encode())
            copy.write(decoder.decode(b"", final=True).encode())
        except UnicodeError as error:
            raise InvalidInput.one(
                "encoding", "encoding_wrong.named", file=name, encoding=encoding
            ) from error
        copy.seek(0)
        yield copy


def _python_name(text: str) -> str:
    plain = text.casefold()
    if match := _ISO.fullmatch(plain):
        return f"iso8859-{match[1]}"
    if match := _PAGE.fullmatch(plain):
        number = match[1]
        if number == UTF_8_PAGE:
            return "utf-8"
        return f"iso8859-{number[4:]}" if number.startswith("8859") and len(number) == 5 else f"cp{number}"
    return _NAMES.get(plain, plain)
