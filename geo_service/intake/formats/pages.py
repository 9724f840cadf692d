"""Features of an OGC API – Features collection, page by page, from a server that may stumble."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx

from geo_service.domain.errors import SourceUnreachable

TIMEOUT = httpx.Timeout(60, connect=10)
ATTEMPTS = 4
BACKOFF_S = 0.5
MOST_BACKOFF_S = 30
# A server that ignores `offset` sends the same page for ever.
PAGES_WITHOUT_NEWS = 5

RETRIED = {408, 429, 500, 502, 503, 504}


class Pages:
    """The features behind `url` (…/items, with its query). `total` is the server's own count, after the first page."""

    def __init__(self, url: httpx.URL, *, backoff_s: float = BACKOFF_S) -> None:
        self._first = url
        self._backoff_s = backoff_s
        self.total: int | None = None

    def features(self) -> Iterator[Any]:
        """Every feature as often as the server sends it. Raises SourceUnreachable in one clear line."""
        url: httpx.URL | None = self._first
        visited: set[str] = set()
        known: set[str] = set()
        stale = 0
        with httpx.Client(
            timeout=TIMEOUT, follow_redirects=True, headers={"Accept": "application/geo+json"}
        ) as client:
            while url is not None:
                if str(url) in visited:
                    raise SourceUnreachable(
                        f"{_where(url)} sends us round in circles: a next page was read before"
                    )
                visited.add(str(url))
                page = self._page(client, url)
                if self.total is None and isinstance(page.get("numberMatched"), int):
                    self.total = page["numberMatched"]
                yield from page["features"]
                ids = {str(one.get("id")) for one in page["features"] if isinstance(one, dict)}
                stale = 0 if ids - known else stale + 1
                known |= ids
                if stale >= PAGES_WITHOUT_NEWS:
                    raise SourceUnreachable(
                        f"{_where(url)} repeats itself: {stale} pages without a new feature"
                    )
                url = self._next(url, page)

    def _page(self, client: httpx.Client, url: httpx.URL) -> dict[str, Any]:
        answer = self._get(client, url)
        if _origin(answer.url) != _origin(self._first):
            raise SourceUnreachable(f"{_where(url)} sends us to another server, {_where(answer.url)}")
        if answer.status_code != httpx.codes.OK:
            raise SourceUnreachable(f"{_where(url)} answers {answer.status_code} {answer.reason_phrase}")
        kind = answer.headers.get("content-type", "nothing named").split(";")[0]
        try:
            page = answer.json()
        except ValueError:
            what = (
                "a page for people" if "html" in kind else f"no complete JSON ({len(answer.content)} bytes)"
            )
            raise SourceUnreachable(f"{_where(url)} answers {what}, as {kind}, not features") from None
        if not isinstance(page, dict) or not isinstance(page.get("features"), list):
            raise SourceUnreachable(f"{_where(url)} answers JSON, but no FeatureCollection")
        return page

    def _get(self, client: httpx.Client, url: httpx.URL) -> httpx.Response:
        for attempt in range(1, ATTEMPTS + 1):
            wait = self._backoff_s * 2 ** (attempt - 1)
            try:
                answer = client.get(url)
            except httpx.TooManyRedirects as error:
                raise SourceUnreachable(f"{_where(url)} sends us round in circles") from error
            except httpx.HTTPError as error:
                if attempt == ATTEMPTS:
                    reason = str(error) or type(error).__name__
                    raise SourceUnreachable(f"{_where(url)} does not answer: {reason}") from error
            else:
                if answer.status_code not in RETRIED or attempt == ATTEMPTS:
                    return answer
                asked = answer.headers.get("retry-after", "")
                wait = max(wait, min(float(asked) if asked.isdecimal() else 0, MOST_BACKOFF_S))
            time.sleep(wait)
        raise AssertionError("unreachable")

    def _next(self, url: httpx.URL, page: dict[str, Any]) -> httpx.URL | None:
        """The next page, on the same server only; https stays https behind a proxy that forgets it."""
        links = page.get("links")
        named = [one for one in links if isinstance(one, dict)] if isinstance(links, list) else []
        href = next((str(one["href"]) for one in named if one.get("rel") == "next" and one.get("href")), None)
        if href is None:
            return None
        following = url.join(href)
        if (following.scheme, url.scheme, following.host) == ("http", "https", url.host):
            following = following.copy_with(scheme="https", port=url.port)
        if _origin(following) != _origin(self._first):
            raise SourceUnreachable(f"{_where(url)} names a next page on another server, {_where(following)}")
        return following


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _where(url: httpx.URL) -> str:
    """An address for a message: no account, no query."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))
