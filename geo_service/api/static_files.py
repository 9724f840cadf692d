"""The viewer's files. An address with a version never changes, so a browser requests it once.

The service reads the files when it starts, and compresses each on its first request.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from geo_service.domain.errors import NotFound

FOLDERS = ("static", "locales")
WORDS_OF_OTHERS = (
    "assistant.",
    "case_export.",
    "claim_file.",
    "closure.",
    "day_list.",
    "dictionary.",
    "mail.",
    "ogc.",
    "qgis.",
    "paper.",
    "said.",
    "simulate.",
    "street_letter.",
    "street_page.",
    "usage.",
    "week_plan.",
)
"""Words of the command line and of documents: they stand in the catalogue of a language, and no page loads them."""
WORDS_OF_SCREENS: Mapping[str, str] = {
    "admin": "admin",
    "desk": "desk",
    "lists": "lists.",
    "life": "life",
    "map_tools": "map_tools",
    "overview": "overview",
    "reporter": "reporter",
    "rules": "rules",
}
"""By screen that is loaded later, how the keys of the words begin that only it says: it fetches them itself, from
`locales/<screen>.<language>.json` (`loadScreenWords` in i18n.js)."""
TYPES: Mapping[str, str] = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
PACKED = (".woff2",)
"""File types that are compressed already."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@dataclass(frozen=True)
class StaticFile:
    """One file: its content, its media type and its ETag."""

    content: bytes
    media_type: str
    etag: str
    packed: bool

    @functools.cached_property
    def compressed(self) -> bytes:
        """The content with gzip, compressed once."""
        return gzip.compress(self.content, 9, mtime=0)


class StaticFiles:
    """All files below `static/` and `locales/` of a folder, by their path: `static/js/main.js`."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for part in FOLDERS for path in (folder / part).rglob("*") if path.is_file())
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}
        for path in sorted((folder / "locales").glob("*.json")):
            for screen, beginning in WORDS_OF_SCREENS.items():
                words = _words(path, _begins_with(beginning))
                self._files[f"locales/{screen}.{path.name}"] = _file(words, path.suffix)
        listing = "".join(f"{name} {file.etag}\n" for name, file in self._files.items())
        self.version = hashlib.blake2b(listing.encode(), digest_size=6).hexdigest()
        """Another one as soon as any file is another."""

    def names(self) -> tuple[str, ...]:
        """Return the path of every file, in order."""
        return tuple(self._files)

    def text(self, name: str) -> str:
        """Return the content of a file of text."""
        return self._files[name].content.decode()

    def answer(self, request: Request, name: str, version: str | None = None) -> Response:
        """A file, cached forever under its version. For another version (a page from before an upgrade) it
        is the current file. Raises NotFound.
        """
        file = self._files.get(name)
        if file is None:
            raise NotFound("nothing_here")
        headers = {
            "Cache-Control": FOR_EVER if version == self.version else ASK_AGAIN,
            "ETag": file.etag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if file.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if file.packed or "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(file.content, media_type=file.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(file.compressed, media_type=file.media_type, headers=headers)


def _read(path: Path) -> StaticFile:
    if path.parent.name != "locales":
        return _file(path.read_bytes(), path.suffix)
    elsewhere = (*WORDS_OF_OTHERS, *WORDS_OF_SCREENS.values())
    return _file(_words(path, lambda key: not key.startswith(elsewhere)), path.suffix)


def _file(content: bytes, suffix: str) -> StaticFile:
    kind = TYPES.get(suffix) or mimetypes.guess_type(f"file{suffix}")[0] or "application/octet-stream"
    etag = f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'
    return StaticFile(content, kind, etag, suffix in PACKED)


def _begins_with(beginning: str) -> Callable[[str], bool]:
    return lambda key: key.startswith(beginning)


def _words(path: Path, wanted: Callable[[str], bool]) -> bytes:
    """The words of a catalogue whose keys are wanted."""
    words = {key: word for key, word in json.loads(path.read_bytes()).items() if wanted(key)}
    return json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()
