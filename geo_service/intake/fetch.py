"""Download from an address that a user names, with limits on size, time and redirects.

Anybody who may import can name an address over HTTP, so requests to private networks are refused (`outbound.py`).
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import httpx

from geo_service import outbound
from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake import wait_policy
from geo_service.settings import Settings

CHUNK = 1 << 16
MOST_REDIRECTS = 5
CONNECT_S = 10
MOST_NAME = 100
"""The longest name of a file (bytes of UTF-8)."""
NO_ADDRESS = (httpx.InvalidURL, UnicodeError)
"""What an address raises that no server can have; UnicodeError: its name does not fit the name servers."""
UNPACKED = 10
"""The largest ratio of unpacked to downloaded size."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one download (bytes, seconds), and whether it may use private addresses."""

    max_bytes: int
    max_s: float
    allow_private: bool

    @property
    def max_unpacked(self) -> int:
        """The largest unpacked size of one file (bytes)."""
        return min(self.max_bytes * UNPACKED, OPEN.max_bytes)

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits of the settings; the demo may use its own peer."""
        allow_private = settings.demo or settings.allow_private_sources
        return cls(settings.max_import_bytes, settings.fetch_timeout_s, allow_private)


OPEN = Limits(max_bytes=40 << 30, max_s=24 * 3600, allow_private=True)
"""The limits of the command line: an extract of a country fits, and an endless stream cannot fill the disk."""

_limits: ContextVar[Limits] = ContextVar("download_limits", default=OPEN)


@contextmanager
def limit_scope(limits: Limits) -> Iterator[None]:
    """Apply `limits` to every download inside the block, whichever client makes it.

    A context variable holds them, because a source that forgot to pass an argument would bypass them.
    """
    token = _limits.set(limits)
    try:
        yield
    finally:
        _limits.reset(token)


def max_unpacked() -> int:
    """The largest unpacked size of a file in this context (bytes)."""
    return _limits.get().max_unpacked


def transport() -> httpx.HTTPTransport | None:
    """The transport for every address that a user names; None (httpx's own, with the proxies of the
    environment) where private addresses are allowed.
    """
    return None if _limits.get().allow_private else PublicTransport()


class PublicTransport(outbound.CheckedTransport):
    """Refuses private addresses, also of redirects."""

    def __init__(self) -> None:
        super().__init__(allow_private=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises SourceUnreachable for a private address."""
        name = request.url.host
        if request.url.scheme not in ("http", "https"):
            raise httpx.UnsupportedProtocol(f"{request.url.scheme!r} is no protocol of the web")
        try:
            return super().handle_request(request)
        except outbound.PrivateAddress as error:
            raise SourceUnreachable("url_private", host=name) from error
        except OSError as error:
            raise httpx.ConnectError(f"{name} has no address: {error}") from error
        except ValueError as error:  # a name or a port that no server can have
            raise SourceUnreachable("url_invalid", error=str(error)) from error


def check(url: str, limits: Limits) -> None:
    """Refuse, with InvalidInput about `url`, an address that no source can have. The download itself checks
    the resolved address.
    """
    try:
        # Unlike a webhook, a feed may be on http: nothing secret goes out, and each row that comes in is checked.
        outbound.check(re.sub("^http:", "https:", url), allow_private=limits.allow_private)
    except InvalidInput as refused:
        first = refused.errors[0]
        raise InvalidInput.one("url", first.reason, **first.params) from refused


def download(
    url: str,
    folder: Path,
    *,
    most_bytes: int | None = None,
    headers: dict[str, str] | None = None,
    label: str | None = None,
) -> Path:
    """Download `url` to a file in `folder`, within the limits of `limit_scope`; `headers` receives those of
    the answer. `label` stands in messages and in the log instead of an address that not everybody may read.

    Raises SourceUnreachable in one line without secrets.
    """
    limits = _limits.get()
    most = limits.max_bytes if most_bytes is None else min(most_bytes, limits.max_bytes)
    try:
        address = httpx.URL(url)
        target = folder / file_name(unquote(address.path.rstrip("/").rpartition("/")[2]) or address.host)
    except NO_ADDRESS as error:
        raise SourceUnreachable("url_invalid", error=str(error)) from error
    where = label or str(address.copy_with(username=None, password=None, query=None, fragment=None))
    connection, ends = wait_policy.ServerConnection(), time.monotonic() + limits.max_s
    try:
        with client() as asking:
            wait_policy.for_answer(
                lambda: _stream(asking, address, where, target, connection, most, ends, headers),
                connection,
                where,
                ends,
            )
    except wait_policy.DeadlineExceeded as error:
        raise SourceUnreachable("url_too_slow", url=where, seconds=limits.max_s) from error
    except _TooMuch as error:
        raise SourceUnreachable("url_too_large", url=where, limit=most) from error
    except httpx.TooManyRedirects as error:
        raise SourceUnreachable("url_circles", url=where) from error
    except NO_ADDRESS as error:  # of a redirect too
        raise SourceUnreachable("url_invalid", error=str(error)) from error
    except httpx.HTTPError as error:
        raise SourceUnreachable("url_not_fetched", url=where, error=why(error)) from error
    return target


class _TooMuch(Exception):
    """The answer is larger than the limit."""


def _stream(
    asking: httpx.Client,
    url: httpx.URL,
    where: str,
    target: Path,
    connection: wait_policy.ServerConnection,
    most: int,
    ends: float,
    headers: dict[str, str] | None,
) -> None:
    traced = {"trace": connection.trace}
    with asking.stream("GET", url, extensions=traced) as answer, target.open("wb") as file:
        if answer.status_code != httpx.codes.OK:
            raise SourceUnreachable(
                "url_refuses", url=where, answer=f"{answer.status_code} {answer.reason_phrase}"
            )
        if headers is not None:
            headers.update(answer.headers)
        for chunk in answer.iter_bytes(CHUNK):
            connection.received += len(chunk)
            if connection.received > most:
                raise _TooMuch
            if time.monotonic() > ends:
                raise wait_policy.DeadlineExceeded
            file.write(chunk)


def file_name(name: str | None) -> str:
    """A safe file name with the same ending, which may tell the format."""
    plain = re.sub(r"[^\w.-]+", "_", Path((name or "").replace("\\", "/")).name).lstrip(".")
    return plain.encode()[-MOST_NAME:].decode(errors="ignore") or "upload"


def client(accept: str | None = None) -> httpx.Client:
    """A client for addresses that a user names: it follows a few redirects, and its timeout is that of the
    current wait policy.
    """
    return httpx.Client(
        transport=transport(),
        timeout=httpx.Timeout(wait_policy.current_policy().read_s, connect=CONNECT_S),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        headers={"Accept": accept} if accept else None,
    )


def why(error: httpx.HTTPError) -> str:
    """The cause of a failed request, for a message."""
    if isinstance(error, httpx.ReadTimeout):
        return f"it says nothing for {wait_policy.current_policy().read_s:g} s"
    return str(error) or type(error).__name__
