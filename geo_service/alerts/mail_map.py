"""The small map of an e-mail: where the works and the repair of a conflict meet, as a PNG that mail programs show without asking anybody."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import shapely
import sqlalchemy as sa
from PIL import Image, ImageDraw

from geo_service import db

WIDTH, HEIGHT = 560, 240
"""As it is shown (pixels of CSS); the file has twice as many each way."""
SCALE = 2
MARGIN_M = 25.0
HOUSES_WITHIN_M = 600.0
"""A wider map shows no buildings: there would be thousands, of a pixel each."""
BOLD, DOT = 3, 6
"""The width of a line and of an edge without a fill, the radius of a point (pixels of CSS)."""
GROUND = "#f1eee7"
COLOURS: Mapping[str, tuple[str | None, str]] = {
    "pavement": ("#ffffff", "#d9d4c9"),
    "building": ("#ddd3bf", "#b9ad96"),
    "works": ("#e59a5b", "#b34b00"),
    "repair": ("#8fb6da", "#0b57a4"),
    "conflict": (None, "#a80f63"),
}
"""Fill and edge of each layer, near those of the viewer's map; a conflict is a bold edge around what lies in it."""


def shapes(conn: sa.Connection, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """What lies around these conflicts, for `draw`: of a connection that a partner is confined to, without the ground of others."""
    figures: dict[str, Any] = {"margin_m": MARGIN_M, "houses_within_m": HOUSES_WITHIN_M}
    return db.fetch(conn, "geo_service.alerts", "mail_map", ids=list(ids), ratio=WIDTH / HEIGHT, **figures)


def draw(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, bytes]:
    """A PNG for each conflict that has shapes. It needs no database."""
    return {key: _png(list(around)) for key, around in groupby(rows, itemgetter("id"))}


def _png(shapes: Sequence[Mapping[str, Any]]) -> bytes:
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), GROUND)
    west, north = shapes[0]["west"], shapes[0]["north"]
    pixels_per_m = WIDTH * SCALE / (shapes[0]["east"] - west)
    for shape in shapes:
        fill, edge = COLOURS[shape["layer"]]
        for part in shapely.get_parts(shapely.from_wkb(shape["wkb"])):
            drawn = shapely.transform(part, lambda at: (at - (west, north)) * (pixels_per_m, -pixels_per_m))
            if isinstance(drawn, shapely.Polygon):
                _paint(image, drawn, fill, edge)
            elif isinstance(drawn, shapely.LineString):
                ImageDraw.Draw(image).line(_line(drawn), fill=edge, width=BOLD * SCALE)
            elif isinstance(drawn, shapely.Point):
                ImageDraw.Draw(image).circle(
                    (drawn.x, drawn.y), DOT * SCALE, fill=edge, outline="white", width=SCALE
                )
    file = io.BytesIO()
    image.quantize(32).save(file, "PNG", optimize=True)
    return file.getvalue()


def _paint(image: Image.Image, area: shapely.Polygon, fill: str | None, edge: str) -> None:
    """Paint an area, in pixels; its holes stay as they are."""
    outline, *holes = map(_line, (area.exterior, *area.interiors))
    if fill:
        mask = Image.new("1", image.size)
        ImageDraw.Draw(mask).polygon(outline, fill=1)
        for hole in holes:
            ImageDraw.Draw(mask).polygon(hole, fill=0)
        image.paste(fill, mask=mask)
    for ring in (outline, *holes):
        ImageDraw.Draw(image).line(ring, fill=edge, width=SCALE if fill else BOLD * SCALE)


def _line(line: shapely.LineString) -> list[tuple[float, float]]:
    return [(x, y) for x, y, *_ in line.coords]
