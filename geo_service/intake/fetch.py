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
UNPACKED = 10
"""Times what may come in: text packs so well; what packs better is still bounded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take (bytes, seconds), and whether private addresses may be asked."""

    max_bytes: int
    max_s: float
    allow_private: bool

    @property
    def max_unpacked(self) -> int:
        """What one file may become when it is unpacked (bytes)."""
        return min(self.max_bytes * UNPACKED, OPEN.max_bytes)

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As the settings say; the demo may ask its own peer."""
        allow_private = settings.demo or settings.allow_private_sources
        return cls(settings.max_import_bytes, settings.fetch_timeout_s, allow_private)


OPEN = Limits(max_bytes=40 << 30, max_s=24 * 3600, allow_private=True)
"""Of the command line: a country's extract fits; an endless stream does not fill the disk."""

_limits: ContextVar[Limits] = ContextVar("confined", default=OPEN)


@contextmanager
def limit_scope(limits: Limits) -> Iterator[None]:
    """Whatever a source fetches inside the block, by whichever client, keeps to `limits` as to where it goes.

    A context and no argument: a source that forgot to pass it on would be a hole.
    """
    token = _limits.set(limits)
    try:
        yield
    finally:
        _limits.reset(token)


def max_unpacked() -> int:
    """What a file may unpack to here (bytes)."""
    return _limits.get().max_unpacked


def transport() -> httpx.HTTPTransport | None:
    """For every client that goes to an address which somebody named; None (httpx's own, which knows the proxies of the environment)
    where private addresses may be asked.
    """
    return None if _limits.get().allow_private else PublicTransport()


class PublicTransport(httpx.HTTPTransport):
    """Refuses private addresses, those of redirects too, and connects to the very address it looked at: no proxy, which would
    resolve the name anew.
    """

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises SourceUnreachable for a private address."""
        name = request.url.host
        try:
            address = outbound.resolve(str(request.url), allow_private=False)
        except outbound.PrivateAddress as error:
            raise SourceUnreachable(
                f"{error}: sources are not fetched from there", reason="url_private", host=name
            ) from error
        except OSError as error:
            raise httpx.ConnectError(f"{name} has no address: {error}") from error
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,  # with the Host that was asked
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": name},
        )
        return super().handle_request(pinned)


def check(url: str, limits: Limits) -> None:
    """Refuse, with InvalidInput about `url`, what can be no address of a source; what its name means is seen when it is fetched."""
    try:
        # Unlike a webhook, a feed may be on http: nothing secret goes out, and each row that comes in is checked.
        outbound.check(re.sub("^http:", "https:", url), allow_private=limits.allow_private)
    except InvalidInput as refused:
        first = refused.errors[0]
        raise InvalidInput.one("url", first.code, first.message, **first.params) from refused


def download(
    url: str, folder: Path, *, most_bytes: int | None = None, headers: dict[str, str] | None = None
) -> Path:
    """What lies at `url`, in a file in `folder`, within the limits of `limit_scope`; `headers` is filled with those of the answer.

    Raises SourceUnreachable in one line without secrets."""
    limits = _limits.get()
    most = limits.max_bytes if most_bytes is None else min(most_bytes, limits.max_bytes)
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise SourceUnreachable(f"this is no address of a file: {error}", reason="url_invalid") from error
    where = str(address.copy_with(username=None, password=None, query=None, fragment=None))
    target = folder / file_name(unquote(address.path.rstrip("/").rpartition("/")[2]) or address.host)
    line, ends = wait_policy.Line(), time.monotonic() + limits.max_s
    try:
        with client() as asking:
            wait_policy.for_answer(
                lambda: _stream(asking, address, target, line, most, ends, headers), line, where, ends
            )
    except wait_policy.DeadlineExceeded as error:
        raise SourceUnreachable(
            f"{where} takes longer than {limits.max_s:g} s",
            reason="url_too_slow",
            url=where,
            seconds=limits.max_s,
        ) from error
    except _TooMuch as error:
        raise SourceUnreachable(
            f"{where} goes on after {most} bytes", reason="url_too_large", url=where, limit=most
        ) from error
    except httpx.TooManyRedirects as error:
        raise SourceUnreachable(
            f"{where} sends us round in circles", reason="url_circles", url=where
        ) from error
    except httpx.HTTPError as error:
        raise SourceUnreachable(
            f"{where} cannot be fetched: {why(error)}", reason="url_not_fetched", url=where, error=why(error)
        ) from error
    return target


class _TooMuch(Exception):
    """More bytes than one fetch may take."""


def _stream(
    asking: httpx.Client,
    url: httpx.URL,
    target: Path,
    line: wait_policy.Line,
    most: int,
    ends: float,
    headers: dict[str, str] | None,
) -> None:
    traced = {"trace": line.trace}
    with asking.stream("GET", url, extensions=traced) as answer, target.open("wb") as file:
        if answer.status_code != httpx.codes.OK:
            where = url.copy_with(username=None, password=None, query=None, fragment=None)
            raise SourceUnreachable(
                f"{where} answers {answer.status_code} {answer.reason_phrase}",
                reason="url_refuses",
                url=where,
                answer=f"{answer.status_code} {answer.reason_phrase}",
            )
        if headers is not None:
            headers.update(answer.headers)
        for chunk in answer.iter_bytes(CHUNK):
            line.received += len(chunk)
            if line.received > most:
                raise _TooMuch
            if time.monotonic() > ends:
                raise wait_policy.DeadlineExceeded
            file.write(chunk)


def file_name(name: str | None) -> str:
    """A name that is safe in a folder; its ending, which may tell the format, stays."""
    plain = re.sub(r"[^\w.-]+", "_", Path((name or "").replace("\\", "/")).name).lstrip(".")
    return plain[-MOST_NAME:] or "upload"


def client(accept: str | None = None) -> httpx.Client:
    """For addresses that somebody named: follows a few redirects, and waits as long as the manners of this context say."""
    return httpx.Client(
        transport=transport(),
        timeout=httpx.Timeout(wait_policy.current_policy().read_s, connect=CONNECT_S),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        headers={"Accept": accept} if accept else None,
    )


def why(error: httpx.HTTPError) -> str:
    """What went wrong on the way, for a message."""
    if isinstance(error, httpx.ReadTimeout):
        return f"it says nothing for {wait_policy.current_policy().read_s:g} s"
    return str(error) or type(error).__name__
