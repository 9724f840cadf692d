"""Request pages from one server: it retries after errors, stays on that server, and bounds size and time."""

from __future__ import annotations

import html
import re
import time
from types import TracebackType
from typing import Any, Self

import httpx

from geo_service.domain.errors import SourceUnreachable
from geo_service.intake import fetch, wait_policy
from geo_service.intake.formats import nesting

ATTEMPTS = 4
BACKOFF_S = 0.5
MOST_BACKOFF_S = 30
MOST_BYTES = 256 << 20
"""The largest answer (bytes); a page of ten thousand features with large outlines is far smaller."""

MOST_READ, MAX_QUOTE_CHARACTERS = 20_000, 160
MESSAGE_FIELDS = ("detail", "description", "message", "title", "error")
"""The members with the text of a JSON error: problem documents, OGC API exceptions, and others."""
MESSAGE_ELEMENT = re.compile(
    r"<(?:title|(?:\w+:)?ExceptionText|(?:\w+:)?ServiceException)[^>]*>([^<]+)<", re.IGNORECASE
)

RETRIED = {408, 429, 500, 502, 503, 504}


class Server:
    """A client for the server of `first`. Use it as a context, so that it is closed."""

    def __init__(self, first: httpx.URL, accept: str, *, backoff_s: float = BACKOFF_S) -> None:
        self._first = first
        self._backoff_s = backoff_s
        self._client = fetch.client(accept)
        self._connection = wait_policy.ServerConnection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: httpx.URL) -> httpx.Response:
        """The answer 200 at `url`, which must be on this server. Raises SourceUnreachable in one line."""
        answer = self.answer(url)
        if answer.status_code != httpx.codes.OK:
            raise SourceUnreachable(
                "url_refuses", url=where(url), answer=f"{answer.status_code} {answer.reason_phrase}"
            )
        return answer

    def answer(self, url: httpx.URL) -> httpx.Response:
        """The same with any status."""
        self._check(url, "url_elsewhere.next", self._first)
        answer = self._retrieve(url)
        self._check(answer.url, "url_elsewhere", url)
        return answer

    def following(self, url: httpx.URL, href: str) -> httpx.URL:
        """The address of the next page that a page names; https stays https behind a proxy that drops it."""
        try:
            next_ = url.join(href)
        except httpx.InvalidURL as error:
            raise SourceUnreachable("url_next_invalid", url=where(url), error=str(error)) from error
        if (next_.scheme, url.scheme, next_.host) == ("http", "https", url.host):
            next_ = next_.copy_with(scheme="https", port=url.port)
        self._check(next_, "url_elsewhere.next", url)
        return next_

    def _check(self, url: httpx.URL, reason: str, page: httpx.URL) -> None:
        """Refuse, for `reason`, an address on another server, to which `page` points."""
        if _server(url) != _server(self._first):
            raise SourceUnreachable(reason, url=where(self._first), page=where(page), other=where(url))

    def _retrieve(self, url: httpx.URL) -> httpx.Response:
        """Request with retries, within the time limit of one page."""
        most_s = wait_policy.current_policy().page_s
        ends = time.monotonic() + most_s
        try:
            for attempt in range(1, ATTEMPTS + 1):
                wait = self._backoff_s * 2 ** (attempt - 1)
                try:
                    answer = wait_policy.for_answer(
                        lambda: self._content(url), self._connection, where(url), ends
                    )
                except httpx.TooManyRedirects as error:
                    raise SourceUnreachable("url_circles", url=where(url)) from error
                except httpx.HTTPError as error:
                    if attempt == ATTEMPTS or time.monotonic() + wait > ends:
                        raise SourceUnreachable(
                            "url_silent", url=where(url), error=fetch.why(error)
                        ) from error
                else:
                    retry_after = answer.headers.get("retry-after", "")
                    wait = max(
                        wait, min(float(retry_after) if retry_after.isdecimal() else 0, MOST_BACKOFF_S)
                    )
                    late = time.monotonic() + wait > ends
                    if answer.status_code not in RETRIED or attempt == ATTEMPTS or late:
                        return answer
                wait_policy.pause(wait)
        except wait_policy.DeadlineExceeded as error:
            raise SourceUnreachable(
                "page_too_slow", url=where(url), seconds=most_s, bytes=self._connection.received
            ) from error
        raise AssertionError("unreachable")

    def _content(self, url: httpx.URL) -> httpx.Response:
        body, self._connection.received = bytearray(), 0
        with self._client.stream("GET", url, extensions={"trace": self._connection.trace}) as answer:
            for chunk in answer.iter_bytes():
                body += chunk
                self._connection.received = len(body)
                if len(body) > MOST_BYTES:
                    raise SourceUnreachable("url_endless.bytes", url=where(url), bytes=len(body))
        headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        return httpx.Response(
            answer.status_code, headers=headers, content=bytes(body), request=answer.request
        )


def web_address(origin: str) -> httpx.URL | None:
    """`origin` as a web address; None when it is the name of a file."""
    try:
        url = httpx.URL(origin)
    except httpx.InvalidURL:
        return None
    return url if url.scheme in ("http", "https") and url.host else None


def where(url: httpx.URL) -> str:
    """An address for a message, without account and query."""
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


def describe(answer: httpx.Response) -> str:
    """A description of an answer without data, for a message: its kind, and the error text it contains."""
    kind = answer.headers.get("content-type", "nothing named").split(";")[0]
    text = answer.text[:MOST_READ].lstrip("\ufeff \r\n\t")
    if "html" in kind or text[:14].lower().startswith(("<!doctype html", "<html")):
        what = "a page for people"
    elif text.startswith("<"):
        what = "XML"
    else:
        what = "JSON" if _document(answer) is not None else f"no complete JSON ({len(answer.content)} bytes)"
    message = _words(answer, text)
    return f"{what}, as {kind}" + (f", which says “{message}”" if message else "")


def no_data(url: httpx.URL, answer: httpx.Response, expectation: str) -> SourceUnreachable:
    """The error for an answer without data at `url`; `expectation` says what is missing (`no features`)."""
    message = _words(answer, answer.text[:MOST_READ].lstrip("\ufeff \r\n\t"))
    return SourceUnreachable(
        "url_without_data",
        answer=describe(answer),
        expectation=expectation,
        said=message,
        url=where(url),
        kind=answer.headers.get("content-type", "?").split(";")[0],
    )


def _words(answer: httpx.Response, text: str) -> str:
    document = _document(answer)
    if isinstance(document, dict):
        message = next((document[name] for name in MESSAGE_FIELDS if isinstance(document.get(name), str)), "")
    else:
        match = MESSAGE_ELEMENT.search(text)
        message = html.unescape(match[1]) if match else ""
    return " ".join(message.split())[:MAX_QUOTE_CHARACTERS]


def json_of(answer: httpx.Response) -> Any:
    """The JSON of an answer. Raises ValueError, also for excessive nesting."""
    nesting.check_json(answer.content)
    try:
        return answer.json()
    except RecursionError as error:
        raise ValueError("nested without end") from error


def _document(answer: httpx.Response) -> object:
    try:
        return json_of(answer)
    except ValueError:
        return None


def _server(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
