"""Render GeoReport answers: XML without a schema, or the same as JSON by the Spark convention."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from xml.etree import ElementTree

Format = Literal["xml", "json"]
MEDIA_TYPES: Mapping[Format, str] = {
    "xml": "text/xml; charset=utf-8",
    "json": "application/json; charset=utf-8",
}

# The name of one in a list: <services><service>…
SINGLE = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
# XML 1.0 has no place for these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(root: str, content: Any, form: Format) -> bytes:
    """`content`, a list or an object, under the name `root`. In JSON a list stands alone."""
    if form == "json":
        return json.dumps(content, ensure_ascii=False, default=_plain).encode("utf-8", "backslashreplace")
    element = _element(root, content)
    text: bytes = ElementTree.tostring(element, encoding="utf-8", xml_declaration=True)
    return text


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, Mapping):
        element.extend([_element(key, value) for key, value in content.items()])
    elif isinstance(content, list):
        element.extend([_element(SINGLE[name], one) for one in content])
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _NOT_XML.sub("\ufffd", content if isinstance(content, str) else _plain(content))
    return element


def _plain(value: Any) -> str:
    """Instants as the W3C note on dates has them, in UTC; the rest as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(value)
