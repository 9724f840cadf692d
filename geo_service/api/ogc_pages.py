"""The answers of `/ogc` as pages for people: a table, a small map, links. They need no script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from shapely.geometry import Polygon, shape
from shapely.geometry.base import BaseGeometry

from geo_service.api.context import Context

WIDTH, HEIGHT, EDGE = 640.0, 400.0, 12.0
DOT = 3.0
MAX_SHOWN = 200
"""The longest text of a cell (characters)."""


def document(request: Request, ctx: Context, title: str, content: Mapping[str, Any]) -> Response:
    """A page with the links of a document, its collections, and all that it says."""
    links = [
        one
        for one in content.get("links", ())
        if not one.get("templated") and ("json" not in one["type"] or one["rel"] != "alternate")
    ]
    collections = [
        {"title": one["title"], "href": f"{one['links'][0]['href']}/items?f=html"}
        for one in content.get("collections", ())
    ]
    text = json.dumps(content, indent=2, ensure_ascii=False)
    return _render(request, ctx, title=title, links=links, collections=collections, text=text)


def features(
    request: Request, ctx: Context, title: str, content: Mapping[str, Any], *, flipped: bool = False
) -> Response:
    """A page with a table of features and a map of them."""
    page_items = content["features"]
    names = list(dict.fromkeys(name for one in page_items for name in one["properties"]))
    links = [one for one in content["links"] if one["rel"] in ("next", "alternate", "collection")]
    [place] = (one["href"] for one in links if one["rel"] == "collection")
    rows = [
        {
            "id": one["id"],
            "href": f"{place}/items/{one['id']}?f=html",
            "cells": [_cell(one["properties"].get(name)) for name in names],
        }
        for one in page_items
    ]
    shapes = [shape(one["geometry"]) for one in page_items if one["geometry"]]
    return _render(
        request,
        ctx,
        title=title,
        links=links,
        names=names,
        rows=rows,
        matched=content.get("numberMatched"),
        paths=list(paths(shapes, flipped)),
        size=(WIDTH, HEIGHT),
    )


def _render(request: Request, ctx: Context, **values: Any) -> Response:
    empty: dict[str, Any] = {"links": [], "collections": [], "text": None, "names": [], "rows": None}
    more: dict[str, Any] = {"matched": None, "paths": [], "size": (WIDTH, HEIGHT)}
    pages = request.app.state.login_pages
    page: Response = pages.render(request, ctx, "ogc.html", **{**empty, **more, **values})
    return page


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def paths(shapes: Sequence[BaseGeometry], flipped: bool) -> Iterator[str]:
    """The outlines as paths of SVG, north up."""
    bounds = [one.bounds for one in shapes if not one.is_empty]
    if not bounds:
        return
    west, south = min(one[0] for one in bounds), min(one[1] for one in bounds)
    east, north = max(one[2] for one in bounds), max(one[3] for one in bounds)
    if flipped:
        west, south, east, north = south, west, north, east
    squeeze = 0.63 if max(map(abs, (west, south, east, north))) <= 180 else 1.0  # of a degree at 51° north
    scale = min(
        (WIDTH - 2 * EDGE) / max((east - west) * squeeze, 1e-9),
        (HEIGHT - 2 * EDGE) / max(north - south, 1e-9),
    )

    def place(point: Sequence[float]) -> str:
        x, y = (point[1], point[0]) if flipped else (point[0], point[1])
        return f"{EDGE + (x - west) * squeeze * scale:.1f} {EDGE + (north - y) * scale:.1f}"

    for one in shapes:
        yield "".join(_lines(one, place))


def _lines(one: BaseGeometry, place: Any) -> Iterator[str]:
    for part in getattr(one, "geoms", (one,)):
        if hasattr(part, "geoms"):
            yield from _lines(part, place)
        elif part.geom_type == "Point":
            yield f"M{place(part.coords[0])}m-{DOT} 0a{DOT} {DOT} 0 1 0 {2 * DOT} 0a{DOT} {DOT} 0 1 0 -{2 * DOT} 0"
        elif isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                yield "M" + "L".join(map(place, ring.coords)) + "Z"
        else:
            yield "M" + "L".join(map(place, part.coords))
