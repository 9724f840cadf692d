"""Read all requests of a GeoReport v2 server: by days, by pages where the server has them, in JSON or in XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

import httpx
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from geo_service.domain.errors import InvalidInput, SourceUnreachable
from geo_service.intake.formats import nesting
from geo_service.intake.formats.http_client import BACKOFF_S, Server, json_of, no_data, where

WINDOW = timedelta(days=90)
"""The standard's longest."""
SHORTEST = timedelta(hours=1)
FULL_PAGE = 10
"""Fewer than these come from a server that keeps nothing back; the lowest limit seen is 20."""
MOST_PAGES = 10_000


class Requests:
    """Every request between `start_date` (90 days ago, or as the address says) and `end_date` (now)."""

    def __init__(self, url: httpx.URL, *, now: datetime, backoff_s: float = BACKOFF_S) -> None:
        self.remarks: list[str] = []
        query = dict(url.params)
        self._from = _moment(query.pop("start_date", None), now - WINDOW)
        # Instants go out in whole seconds: what came in within this one still counts.
        self._until = _moment(query.pop("end_date", None), now + timedelta(seconds=1))
        path = url.path.rstrip("/")
        self._formats = ["json", "xml"]
        for form in ("json", "xml"):
            if path.endswith(f"/requests.{form}"):
                path, self._formats = path.removesuffix(f"/requests.{form}"), [form]
        self._url = url.copy_with(path=f"{path}/requests.{self._formats[0]}", params=query)
        self._path = path
        self._backoff_s = backoff_s
        self._page_count = 0
        self._most: int | None = None  # shown at once, of a server that knows no pages

    def all(self) -> Iterator[Any]:
        """Each request once, the oldest days first. Raises SourceUnreachable in one clear line."""
        with Server(self._url, "application/json, text/xml", backoff_s=self._backoff_s) as server:
            starts, seen_ids = self._from, set[str]()
            while starts < self._until:
                ends = min(starts + WINDOW, self._until)
                yield from self._between(server, starts, ends, seen_ids)
                starts = ends

    def _between(self, server: Server, starts: datetime, ends: datetime, seen_ids: set[str]) -> Iterator[Any]:
        """Page by page. A server that knows no pages is asked for fewer days whenever it shows as many as it ever did."""
        first_page = self._page(server, starts, ends, 1) or []
        yield from _fresh(first_page, seen_ids)
        page = 2
        while first_page and self._most is None:
            further = self._page(server, starts, ends, page)
            if page == 2 and (further is None or further == first_page) and len(first_page) >= FULL_PAGE:
                self._most = len(first_page)
            fresh = list(_fresh(further or [], seen_ids))
            if not fresh:
                break
            yield from fresh
            page += 1
        if self._most is None or len(first_page) < self._most:
            return
        self._most = len(first_page)
        if ends - starts <= SHORTEST:
            self.remarks.append("an hour with more requests than the server shows")
            return
        middle = starts + (ends - starts) / 2
        yield from self._between(server, starts, middle, seen_ids)
        yield from self._between(server, middle, ends, seen_ids)

    def _page(self, server: Server, starts: datetime, ends: datetime, page: int) -> list[Any] | None:
        """One page; None where the server refuses to be asked for a further one."""
        self._page_count += 1
        if self._page_count > MOST_PAGES:
            raise SourceUnreachable("url_endless", url=where(self._url), pages=MOST_PAGES)
        dates = {"start_date": f"{starts:%Y-%m-%dT%H:%M:%SZ}", "end_date": f"{ends:%Y-%m-%dT%H:%M:%SZ}"}
        more = {"page": str(page)} if page > 1 else {}
        while True:
            form = self._formats[0]
            address = self._url.copy_with(path=f"{self._path}/requests.{form}")
            page_url = address.copy_merge_params({**dates, **more})
            answer = server.answer(page_url)
            if answer.status_code != httpx.codes.OK and form == "json" and len(self._formats) > 1:
                self._formats.pop(0)  # JSON is by choice, XML is not
                continue
            if answer.status_code != httpx.codes.OK:
                if page > 1:
                    return None
                reason_text = f" ({reason})" if (reason := _reason(answer)) else ""
                raise SourceUnreachable(
                    "url_refuses",
                    url=where(page_url),
                    answer=f"{answer.status_code} {answer.reason_phrase}{reason_text}",
                )
            return _json(answer, page_url) if form == "json" else _xml(answer, page_url)


def _json(answer: httpx.Response, url: httpx.URL) -> list[Any]:
    try:
        document = json_of(answer)
    except ValueError:
        raise no_data(url, answer, "no requests") from None
    if isinstance(document, Mapping):  # some servers keep the names of the XML
        document = document.get("service_requests", document.get("requests"))
    if not isinstance(document, list):
        raise no_data(url, answer, "no list of requests")
    return document


def _xml(answer: httpx.Response, url: httpx.URL) -> list[Any]:
    root = _tree(answer.content)
    if root is None or root.tag not in ("service_requests", "requests"):
        raise no_data(url, answer, "no service_requests")
    return [{child.tag: child.text for child in one} for one in root]


def _reason(answer: httpx.Response) -> str:
    """The first error that the server names."""
    root = _tree(answer.content)
    if root is not None:
        return (root.findtext("error/description") or "").strip()[:200]
    try:
        document = json_of(answer)
        return str(document[0]["description"])[:200]
    except (ValueError, LookupError, TypeError):
        return ""


def _tree(content: bytes) -> Element | None:
    """XML without entities: a few bytes of it can mean gigabytes."""
    try:
        nesting.check_xml([content])
        root: Element = ElementTree.fromstring(content, forbid_dtd=True)
        return root
    except (ParseError, ExpatError, DefusedXmlException, ValueError):
        return None


def _fresh(requests: list[Any], seen_ids: set[str]) -> Iterator[Any]:
    for one in requests:
        if (id_ := _id(one)) not in seen_ids:
            seen_ids.add(id_)
            yield one


def _id(request: Any) -> str:
    return str(request.get("service_request_id")) if isinstance(request, Mapping) else repr(request)


def _moment(text: str | None, default: datetime) -> datetime:
    if not text:
        return default
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput.one("origin", "date_invalid.instant", given=text[:60])
    return moment
