"""Another Open311 server and its requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from tests.intake.test_pages import Answer

NOW = datetime.now(UTC)
Rows = Callable[[str], list[Any]]
Ask = dict[str, str]


def request(number: int, *, days_ago: float = 1, **more: Any) -> dict[str, Any]:
    fields = {
        "service_request_id": f"R{number}",
        "status": "open",
        "service_code": "pothole",
        "service_name": "Put",
        "description": f"Put {number}",
        "requested_datetime": f"{NOW - timedelta(days=days_ago):%Y-%m-%dT%H:%M:%SZ}",
        "lat": 50.92 + number * 0.0001,
        "long": 3.21,
        "first_name": "Zonderling",
    } | more
    return {name: value for name, value in fields.items() if value is not None}


def serving(
    requests: list[dict[str, Any]],
    *,
    most: int = 1000,
    pages: bool = True,
    form: str = "json",
    seen: list[Ask] | None = None,
) -> Callable[[str, int], Answer]:
    """A server with these requests, which shows at most so many at once, in one format."""

    def script(path: str, _: int) -> Answer:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if seen is not None:
            seen.append(query)
        if not parts.path.endswith(f"/open311/v2/requests.{form}"):
            return 404, "text/html", b"not here"
        inside = [
            one for one in requests if query["start_date"] <= one["requested_datetime"] <= query["end_date"]
        ]
        skip = (int(query.get("page", "1")) - 1) * most if pages else 0
        shown = inside[skip : skip + most]
        return (
            (200, "application/json", json.dumps(shown).encode())
            if form == "json"
            else (200, "text/xml", xml(shown))
        )

    return script


def xml(requests: list[dict[str, Any]]) -> bytes:
    root = ElementTree.Element("service_requests")
    for one in requests:
        element = ElementTree.SubElement(root, "request")
        for name, value in one.items():
            ElementTree.SubElement(element, name).text = str(value)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def root(url: str) -> str:
    """Where `server` listens, without the path it has for pages of features."""
    return url.removesuffix("/collections/INNAME/items") + "/open311/v2"
