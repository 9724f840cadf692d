"""Links of OGC answers (RFC 8288), and the media types that they name."""

from __future__ import annotations

REL = "http://www.opengis.net/def/rel/ogc/1.0"
"""How the names of the links begin that OGC adds to those of IANA."""
JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA = "application/schema+json"
QGIS = "application/x-qgis-project"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


def link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    """One link."""
    return {"href": href, "rel": rel, "type": media_type, "title": title}


def pair(root: str, path: str, media_type: str, rel: str, title: str) -> list[dict[str, str]]:
    """The document itself and the page for people that says the same."""
    return [
        link(f"{root}{path}", rel, media_type, title),
        link(f"{root}{path}?f=html", "alternate", HTML, title),
    ]
