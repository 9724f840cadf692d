"""A small map on paper, drawn by us: streets as lines, matters as numbered diamonds."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from geo_service.i18n import Translator
from geo_service.store.papers import Matter, Sketch

LINE = 0.0022
"""Widths and sizes as parts of the longer side of the map."""
DIAMOND = 0.013
LETTER = 0.022


def svg(sketch: Sketch, matters: Sequence[Matter], translator: Translator) -> str:
    """Return the map as SVG; the numbers are the places of the matters in the list. Empty without a matter."""
    if not matters:
        return ""
    west, south, east, north = sketch.box
    width, height = east - west, north - south
    longer = max(width, height)
    # PostGIS writes y downwards: the north edge of the box is at -north
    streets = "".join(f'<path d="{escape(path)}"/>' for path in sketch.streets)
    marks = "".join(_mark(number, matter, longer) for number, matter in enumerate(matters, start=1))
    return (
        f'<svg class="sketch" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(translator.text("paper.sketch"))}" '
        f'viewBox="{west:.0f} {-north:.0f} {width:.0f} {height:.0f}">'
        f'<g fill="none" stroke="#9a948a" stroke-width="{LINE * longer:.1f}">{streets}</g>{marks}</svg>'
    )


def _mark(number: int, matter: Matter, longer: float) -> str:
    x, y = matter.at[0], -matter.at[1]
    half = DIAMOND * longer
    corners = f"M{x:.0f} {y - half:.0f}L{x + half:.0f} {y:.0f}L{x:.0f} {y + half:.0f}L{x - half:.0f} {y:.0f}Z"
    at = f'x="{x + half:.0f}" y="{y - half / 2:.0f}" font-size="{LETTER * longer:.0f}"'
    return f'<path d="{corners}" fill="#a80f63" stroke="#fff" stroke-width="{LINE * longer:.1f}"/><text {at}>{number}</text>'
