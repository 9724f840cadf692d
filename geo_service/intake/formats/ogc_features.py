"""Read the features of an OGC API – Features collection, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from geo_service.domain.crs import WGS84
from geo_service.domain.errors import SourceUnreachable
from geo_service.intake.formats.http_client import BACKOFF_S, Server, json_of, no_data, where
from geo_service.intake.formats.raw_record import epsg_of
from geo_service.intake.formats.truncation import integer_of

__all__ = ["BACKOFF_S", "Pages"]

# A server that ignores `offset` sends the same page for ever.
PAGES_WITHOUT_NEWS = 5
MOST_PAGES = 10_000
"""Ten million features; Flanders has four million buildings."""


class Pages:
    """The features behind `url` (…/items, with its query). `total` is the server's own count, the largest of
    its pages until now; `crs` is the EPSG code of the page (its Content-Crs, else WGS84).
    """

    def __init__(self, url: httpx.URL, *, backoff_s: float = BACKOFF_S) -> None:
        self._first = url
        self._backoff_s = backoff_s
        self.total: int | None = None
        self.crs = WGS84

    def features(self) -> Iterator[Any]:
        """Every feature as often as the server sends it. Raises SourceUnreachable in one line, InvalidInput about
        `crs`.
        """
        url: httpx.URL | None = self._first
        visited: set[str] = set()
        seen_ids: set[str] = set()
        stale = 0
        with Server(self._first, "application/geo+json", backoff_s=self._backoff_s) as server:
            while url is not None:
                if str(url) in visited:
                    raise SourceUnreachable("url_circles.page", url=where(url))
                if len(visited) == MOST_PAGES:
                    raise SourceUnreachable("url_endless", url=where(self._first), pages=MOST_PAGES)
                visited.add(str(url))
                answer = server.get(url)
                page = _collection_of(url, answer)
                self.crs = epsg_of(answer.headers.get("content-crs", "").strip("<> "), where(url)) or WGS84
                self.total = _largest(self.total, integer_of(page.get("numberMatched")))
                yield from page["features"]
                ids = {str(one.get("id")) for one in page["features"] if isinstance(one, dict)}
                stale = 0 if ids - seen_ids else stale + 1
                seen_ids |= ids
                if stale >= PAGES_WITHOUT_NEWS:
                    raise SourceUnreachable("url_repeats", url=where(url), pages=stale)
                url = _next(server, url, page)


def collection(server: Server, url: httpx.URL) -> dict[str, Any]:
    """The FeatureCollection at `url`. Raises SourceUnreachable for any other answer."""
    return _collection_of(url, server.get(url))


def _collection_of(url: httpx.URL, answer: httpx.Response) -> dict[str, Any]:
    try:
        page = json_of(answer)
    except ValueError:
        raise no_data(url, answer, "no features") from None
    if not isinstance(page, dict) or not isinstance(page.get("features"), list):
        raise no_data(url, answer, "no FeatureCollection")
    return page


def _largest(*counts: int | None) -> int | None:
    return max((one for one in counts if one is not None), default=None)


def _next(server: Server, url: httpx.URL, page: dict[str, Any]) -> httpx.URL | None:
    """The address of the next page, on the same server only."""
    links = page.get("links")
    candidates = [one for one in links if isinstance(one, dict)] if isinstance(links, list) else []
    href = next(
        (str(one["href"]) for one in candidates if one.get("rel") == "next" and one.get("href")), None
    )
    return None if href is None else server.following(url, href)
