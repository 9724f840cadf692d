"""Open a file from a path or an address, plain, gzipped or zipped, within limits on its unpacked size."""

from __future__ import annotations

import gzip
import os
import tempfile
import zipfile
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, cast

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake import fetch
from geo_service.intake.formats.damage import incomplete

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHUNK = 1 << 16

IN_ARCHIVES = (
    ".gpkg",
    ".shp",
    ".gml",
    ".kml",
    ".gpx",
    ".geojson",
    ".topojson",
    ".fgb",
    ".parquet",
    ".csv",
    ".xlsx",
    ".dxf",
    ".json",
    ".tsv",
    ".txt",
)
"""The file types in a zip file; the first type that is present is read."""
BESIDE = (".dbf", ".shx", ".prj", ".cpg", ".cst", ".xsd", ".gfs")
"""Companion files of those types."""
WITHOUT_ROWS = (
    *BESIDE, ".sbn", ".sbx", ".qix", ".qpj", ".fbn", ".fbx", ".atx", ".xml", ".sld", ".qml", ".lyr",
    ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".tif", ".tiff", ".pdf", ".html", ".htm", ".md", ".doc", ".docx",
)  # fmt: skip
"""Companions, pictures and papers, which nobody misses."""

UNREADABLE: dict[type[OSError], str] = {
    FileNotFoundError: "file_missing",
    IsADirectoryError: "file_is_folder",
    PermissionError: "file_forbidden",
}
MOST_MEMBERS = 2_000
"""The most members of an archive; the largest map in sheets has some hundreds."""
BOMB_RATIO = 200
"""The largest compression ratio. Text reaches about forty; deflate's limit is 1,032."""
BOMB_BYTES = 64 << 20
"""The size below which a high ratio does no harm (bytes)."""


@contextmanager
def local(
    origin: str, *, most_bytes: int | None = None, headers: dict[str, str] | None = None
) -> Iterator[Path]:
    """The path of a local file, or of a temporary download from an address; `headers` receives those of the
    answer.

    Raises SourceUnreachable.
    """
    if "://" not in origin:
        yield Path(origin)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield fetch.download(origin, Path(folder), most_bytes=most_bytes, headers=headers)


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked if it is gzipped, without a byte order mark. Raises SourceUnreachable."""
    try:
        with path.open("rb") as plain:
            start = plain.read(3)
            plain.seek(len(start) if start == BYTE_ORDER_MARK else 0)
            if start[:2] == GZIP:
                with gzip.open(plain) as unpacked:
                    yield cast("IO[bytes]", _BoundedStream(unpacked, path))
            else:
                yield plain
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SourceUnreachable("file_damaged.archive", file=path.name, error=str(error)) from error
    except OSError as error:
        raise unreadable(path, error) from error


def end_of(file: IO[bytes], size: int) -> bytes:
    """The last bytes of a file that `open_bytes` opened; a gzipped one is read to its end."""
    if isinstance(file, _BoundedStream):
        return b"".join(deque(iter(partial(file.read, size), b""), maxlen=2))[-size:]
    start = file.tell()
    file.seek(max(start, file.seek(0, os.SEEK_END) - size))
    return file.read()


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A file with the unpacked content, or the file itself when it is not gzipped; for readers that need a
    path.
    """
    if start_of(path, 2) != GZIP:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / path.name.removesuffix(".gz")
        with open_bytes(path) as packed, target.open("wb") as file:
            while chunk := packed.read(CHUNK):
                file.write(chunk)
        yield target


@contextmanager
def unzipped(path: Path) -> Iterator[list[Path]]:
    """The members of a zip file in a temporary folder, each under its base name. Raises SourceUnreachable."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                members = [one for one in archive.infolist() if not one.is_dir() and not _of_a_mac(one)]
                check_zip(path, members)
                _check_names(path, members)
                for member in members:
                    _unzip(archive, member, Path(folder), path)
        except (
            zipfile.BadZipFile,
            EOFError,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            UnicodeDecodeError,
        ) as error:
            raise incomplete(path, "zip", error) from error
        except OSError as error:
            raise unreadable(path, error) from error
        yield sorted(one for one in Path(folder).iterdir() if one.is_file())


def check_zip(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that unpacks to far more than its size. Raises SourceUnreachable."""
    if len(members) > MOST_MEMBERS:
        raise SourceUnreachable("members_too_many", file=path.name, there=len(members), limit=MOST_MEMBERS)
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members) or 1
    if size > fetch.max_unpacked():
        raise SourceUnreachable("unpacks_too_large", file=path.name, limit=fetch.max_unpacked(), size=size)
    if size > BOMB_BYTES and size > BOMB_RATIO * packed:
        raise SourceUnreachable("zip_bomb", file=path.name, size=size, packed=packed)


def start_of(path: Path, length: int = 512) -> bytes:
    """The first bytes of a file. Raises SourceUnreachable."""
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> SourceUnreachable:
    """The error for a file that cannot be opened; most often it does not exist."""
    why = error.strerror or str(error)
    reason = next((reason for kind, reason in UNREADABLE.items() if isinstance(error, kind)), "file_not_read")
    return SourceUnreachable(reason, file=str(path), error=why)


def _name(member: zipfile.ZipInfo) -> str:
    return Path(member.filename.replace("\\", "/")).name


def _of_a_mac(member: zipfile.ZipInfo) -> bool:
    """Whether a member is one that macOS adds beside each file, such as its icon."""
    return _name(member).startswith("._")


def _check_names(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Refuse two members with one base name; folders are ignored. Raises SourceUnreachable."""
    names = [name for one in members if (name := _name(one).lower()).endswith((*IN_ARCHIVES, *BESIDE))]
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise SourceUnreachable("two_files", file=path.name, name=twice[0])


def _unzip(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, path: Path) -> None:
    """Unpack a member, never more bytes than the directory of the archive announces, which `check_zip` has
    checked.
    """
    name = _name(member)
    remaining = member.file_size
    with archive.open(member) as packed, (folder / name).open("wb") as file:
        while chunk := packed.read(CHUNK):
            remaining -= len(chunk)
            if remaining < 0:
                raise SourceUnreachable("zip_bomb.member", file=path.name, name=name)
            file.write(chunk)


class _BoundedStream:
    """A gzipped stream that stops with an error when it is a bomb."""

    def __init__(self, stream: gzip.GzipFile, path: Path) -> None:
        self._stream, self._path = stream, path
        self._bomb = max(BOMB_BYTES, BOMB_RATIO * path.stat().st_size)
        self._most = min(self._bomb, fetch.max_unpacked())

    def read(self, size: int = -1) -> bytes:
        return self._within_limit(self._stream.read(size))

    def readline(self, size: int = -1) -> bytes:
        return self._within_limit(self._stream.readline(size if size >= 0 else self._most))

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    def seek(self, place: int) -> int:
        return self._stream.seek(place)

    def tell(self) -> int:
        return self._stream.tell()

    def _within_limit(self, chunk: bytes) -> bytes:
        if self._stream.tell() > self._most:
            bomb = self._most == self._bomb
            raise SourceUnreachable(
                "unpacks_too_large.bomb" if bomb else "unpacks_too_large.endless",
                file=self._path.name,
                limit=self._most,
            )
        return chunk
