"""Small maps of twenty conflicts, for a person to judge. Needs matplotlib, which the service itself does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import sqlalchemy as sa
from matplotlib import pyplot
from PIL import Image
from shapely import box

from geo_service import db
from geo_service.store import listing
from scripts.real import judge
from scripts.real.runs import PACKAGE

FIRST, SECOND, SHARED = "#2166ac", "#e08214", "#b2182b"
COLOURS = 16
INCHES, DOTS_PER_INCH = 4.2, 110
# Ground shown around what the two share, at least (m).
MARGIN_M = 25.0
MOST_M = 400.0


def draw(flanders: sa.Engine, schaerbeek: sa.Engine, folder: Path) -> None:
    """Ten maps each, `flanders-01.png` …, in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, engine in (("flanders", flanders), ("schaerbeek", schaerbeek)):
        with engine.connect() as conn:
            around = judge.claims(conn)
            cases = db.fetch(conn, PACKAGE, f"cases_{name}")
        for number, case in enumerate(cases, start=1):
            _map(case, around, folder / f"{name}-{number:02}.png")


def _map(case: Any, around: gpd.GeoDataFrame, path: Path) -> None:
    a, b = (
        gpd.GeoSeries([listing.read_geometry(case[side])], crs=around.crs) for side in ("a_geom", "b_geom")
    )
    shared = a.intersection(b)
    window = _window(a, b, shared)
    figure, axes = pyplot.subplots(figsize=(INCHES, INCHES), dpi=DOTS_PER_INCH)
    around.clip(window).plot(ax=axes, color="#dddddd", edgecolor="#bbbbbb", linewidth=0.3)
    a.plot(ax=axes, facecolor="none", edgecolor=FIRST, hatch="///", linewidth=1.4)
    b.plot(ax=axes, facecolor="none", edgecolor=SECOND, hatch="\\\\\\", linewidth=1.4)
    if not shared.is_empty.all():
        shared.plot(ax=axes, color=SHARED, alpha=0.45)
    west, south, east, north = window.bounds
    axes.set(
        xlim=(west, east), ylim=(south, north), aspect="equal", xticks=[], yticks=[], xlabel="", ylabel=""
    )
    scale_bar(axes, west, south, east - west)
    axes.set_title(_title(case), fontsize=5.6, loc="left")
    figure.tight_layout(pad=0.4)
    figure.savefig(path)
    pyplot.close(figure)
    small(path)


def small(path: Path, colours: int = COLOURS) -> None:
    """The picture with few colours: a tenth of the bytes."""
    with Image.open(path) as drawn:
        few = drawn.convert("RGB").quantize(colours)
    few.save(path, optimize=True)


def _window(a: gpd.GeoSeries, b: gpd.GeoSeries, shared: gpd.GeoSeries) -> Any:
    """A square around the smaller of the two, and what lies about it."""
    smaller = a if a.area.iloc[0] <= b.area.iloc[0] else b
    west, south, east, north = smaller.total_bounds
    if max(east - west, north - south) > MOST_M and not shared.is_empty.all():
        west, south, east, north = shared.total_bounds
    half = min(max(east - west, north - south) / 2, MOST_M) + MARGIN_M
    x, y = (west + east) / 2, (south + north) / 2
    return box(x - half, y - half, x + half, y + half)


def scale_bar(axes: Any, west: float, south: float, width: float) -> None:
    """How long a metre is, at the lower left."""
    length = next(step for step in (200, 100, 50, 20, 10, 5) if step <= width / 4)
    x, y = west + width * 0.04, south + width * 0.04
    axes.plot([x, x + length], [y, y], color="black", linewidth=2)
    axes.text(x, y + width * 0.012, f"{length} m", fontsize=6.5)


def _title(case: Any) -> str:
    facts = case["facts"]
    sides = [
        f"{mark} {case[f'{side}_owner'][:26]} · {case[f'{side}_number']} · {case[side]['stated_starts_on']}…{case[side]['stated_ends_on']}"
        f" · {case[side]['certainty'] or 'repair'}{' · umbrella' if case[side]['umbrella'] else ''}\n   {' '.join((case[f'{side}_title'] or '').split())[:66]}"
        for mark, side in (("BLUE", "a"), ("ORANGE", "b"))
    ]
    marks = "".join(f" · {mark}" for mark in ("crossing", "after") if facts.get(mark))
    figures = f"{case['rule_id']} · {case['severity']}{marks} · shared {facts['overlap_m2']} m² ({facts['overlap_share']}) · {facts['overlap_days']} days"
    return "\n".join((*sides, f"{figures} · {case['sort'][2:]}")).replace("$", "")
