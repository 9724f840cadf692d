"""Maps of the ten clearest orders: the footpath renewal, and what comes before it, numbered. Needs matplotlib."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import sqlalchemy as sa
from matplotlib import pyplot
from matplotlib.patches import Patch
from shapely import box, unary_union

from geo_service import db
from geo_service.domain.crs import STORAGE
from geo_service.domain.order import Step
from geo_service.store import listing
from scripts.real import judge, orders
from scripts.real.pictures import DOTS_PER_INCH, MARGIN_M, scale_bar, small

COLOURS = {
    "sewer": "#7b3294", "water": "#2166ac", "gas": "#b8860b", "heat": "#d6604d", "energy": "#d95f0e", "electricity": "#e7298a",
    "telecom": "#1b9e77", "rails": "#555555", "unknown": "#888888", "street": "#8c510a", "footpath": "#8c510a", "carriageway": "#333333",
}  # fmt: skip
HATCHES = ("///", "\\\\\\", "...", "xx", "||", "--")
FOOTPATH = "#ffd92f"
MOST_DRAWN = 5
INCHES = (5.0, 5.2)


def draw(engine: sa.Engine, folder: Path, today: date) -> None:
    """`order-01.png` … in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with engine.connect() as conn:
        around = judge.claims(conn)
        for number, case in enumerate(orders.cases(conn, today)[: orders.CLEAREST], start=1):
            _map(conn, case, around, folder / f"order-{number:02}.png")


def _map(conn: sa.Connection, case: orders.Case, around: gpd.GeoDataFrame, path: Path) -> None:
    steps = case.order.first[:MOST_DRAWN]
    works_ids = [one for step in steps for one in step.works_ids]
    rows = db.fetch(conn, orders.PACKAGE, "order_ground", repair_id=case.repair_id, works_ids=works_ids)
    ground = {row["works_id"]: listing.read_geometry(row["geom"]) for row in rows}
    footpath = gpd.GeoSeries([ground[None]], crs=STORAGE)
    west, south, east, north = footpath.total_bounds
    half = max(east - west, north - south) / 2 + MARGIN_M
    x, y = (west + east) / 2, (south + north) / 2
    window = box(x - half, y - half, x + half, y + half)
    figure, axes = pyplot.subplots(figsize=INCHES, dpi=DOTS_PER_INCH)
    around.clip(window).plot(ax=axes, color="#eeeeee", edgecolor="#cccccc", linewidth=0.3)
    footpath.plot(ax=axes, color=FOOTPATH, edgecolor="black", linewidth=0.8)
    key = [Patch(facecolor=FOOTPATH, edgecolor="black", label=_footpath_words(case))]
    for place, step in reversed(list(enumerate(steps))):
        dig = unary_union([ground[one] for one in step.works_ids if one in ground])
        shape = gpd.GeoSeries([dig], crs=STORAGE).clip(window)
        look: dict[str, Any] = {
            "facecolor": "none",
            "edgecolor": COLOURS[step.works.layer],
            "hatch": HATCHES[place % len(HATCHES)],
        }
        shape.plot(ax=axes, linewidth=1.3, **look)
    for place, step in enumerate(steps):
        look = {
            "facecolor": "none",
            "edgecolor": COLOURS[step.works.layer],
            "hatch": HATCHES[place % len(HATCHES)],
        }
        key.insert(place, Patch(**look, label=_words(place + 1, step)))
    west, south, east, north = window.bounds
    axes.set(
        xlim=(west, east), ylim=(south, north), aspect="equal", xticks=[], yticks=[], xlabel="", ylabel=""
    )
    scale_bar(axes, west, south, east - west)
    axes.set_title(f"{case.street} · {case.number}", fontsize=8, loc="left")
    figure.legend(
        handles=key, loc="lower center", fontsize=5.6, frameon=False, handlelength=2.6, handleheight=1.3
    )
    figure.subplots_adjust(left=0.01, right=0.99, top=0.95, bottom=0.05 + 0.035 * len(key))
    figure.savefig(path)
    pyplot.close(figure)
    small(path, colours=96)


def _words(place: int, step: Step) -> str:
    job = step.works
    marks = "".join((" · overdue" if job.overdue else "", " · too soon" if step.too_soon_for else ""))
    return f"{place} {job.layer} · {job.owner[:16].strip()} · {job.source_id} · {job.starts_on} … {job.ends_on} · {job.certainty} · {step.role}{marks}"


def _footpath_words(case: orders.Case) -> str:
    left = len(case.order.first) - MOST_DRAWN
    more = f" (after {left} more)" if left > 0 else ""
    planned = f"{case.planned_from} … {case.planned_until}"
    return f"then the footpath{more} · planned {planned} · from {case.order.repair_from}{' · must move' if case.order.moves else ''}"
