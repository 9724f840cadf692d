"""The newest alerts as Atom (RFC 4287) with places (GeoRSS Simple), for a reader of a private address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import sqlalchemy as sa

from geo_service.i18n import Translator
from geo_service.presentation.alerts import describe_alert
from geo_service.store.feed_links import Reader

ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML 1.0 document may hold."""


def alerts_feed(
    rows: Sequence[sa.RowMapping], reader: Reader, translator: Translator, base_url: str, city: str
) -> bytes:
    """The feed; `rows` are the newest alerts first. Its address of itself holds no token: who passes an entry on passes no key on."""
    ET.register_namespace("", ATOM)
    ET.register_namespace("georss", GEORSS)
    language: dict[str, str] = {"{http://www.w3.org/XML/1998/namespace}lang": translator.language}
    feed = ET.Element(f"{{{ATOM}}}feed", language)
    _add(feed, "id", f"urn:uuid:{reader.id}")
    _add(feed, "title", reader.name)
    newest = rows[0]["at"] if rows else dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    _add(feed, "updated", _instant(newest))
    _add(_add(feed, "author"), "name", f"geo_service {city}")
    _add(feed, "generator", "geo_service")
    _add(feed, "link", rel="self", type="application/atom+xml", href=f"{base_url}/feeds/alerts.atom")
    _add(feed, "link", rel="alternate", type="text/html", href=f"{base_url}/afstemming")
    for row in rows:
        _entry(feed, row, translator, base_url)
    body: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _entry(feed: ET.Element, row: sa.RowMapping, translator: Translator, base_url: str) -> None:
    words = describe_alert(dict(row), translator)
    entry = _add(feed, "entry")
    _add(entry, "id", f"urn:uuid:{row['id']}")
    _add(entry, "title", words.title)
    _add(entry, "updated", _instant(row["at"]))
    _add(entry, "summary", words.sentence)
    _add(entry, "category", term=row["type"])
    thing = f"conflict:{row['conflict_id']}" if row["conflict_id"] else f"herstelling:{row['repair_id']}"
    query = f"?{urlencode({'kies': thing})}" if row["conflict_id"] or row["repair_id"] else ""
    _add(entry, "link", rel="alternate", type="text/html", href=f"{base_url}/kaart{query}")
    if row["lat"] is not None:
        point = ET.SubElement(entry, f"{{{GEORSS}}}point")
        point.text = f"{row['lat']:.6f} {row['lon']:.6f}"  # latitude first, as GeoRSS has it


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = None if text is None else NO_XML.sub("", text)
    return element


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
