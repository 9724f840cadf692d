"""`works_clash` computed a second time, without PostGIS: GeoPandas, Shapely and plain dates on the same claims."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo_service import db
from geo_service.domain.crs import STORAGE

PACKAGE = "scripts.real"

Pairs = set[frozenset[str]]


def claims(conn: sa.Connection) -> gpd.GeoDataFrame:
    """The stored claims of works that are not finished, with their footprint in the storage CRS."""
    frame = gpd.GeoDataFrame(db.fetch(conn, PACKAGE, "claims"))
    frame["geom"] = gpd.GeoSeries.from_wkb(frame["geom"])
    frame = frame.set_geometry("geom", crs=STORAGE)
    frame["origin_id"] = frame["origin_id"].astype(str)
    frame["group_id"] = frame["group_id"].astype(str)
    frame["works_id"] = frame["works_id"].astype(str)
    return frame


def clashes(claimed: gpd.GeoDataFrame, today: date) -> Pairs:
    """Pairs of digs, as they are told: a dig of several records meets as one."""
    wholes = dict(zip(claimed["origin_id"], claimed["group_id"], strict=True))
    told = (frozenset(wholes[phase] for phase in pair) for pair in meetings(claimed, today))
    return {pair for pair in told if len(pair) == 2}


def meetings(claimed: gpd.GeoDataFrame, today: date) -> Pairs:
    """Pairs of phases of different works and different owner groups, on common ground, with a day in common, both not over."""
    one, other = _touching(claimed)
    a, b = claimed.iloc[one].reset_index(), claimed.iloc[other].reset_index()
    meet = (
        (a["works_id"] != b["works_id"])
        & (a["owner_group_id"] != b["owner_group_id"])
        & (a["starts"] < b["ends"])
        & (b["starts"] < a["ends"])
        & (a["ends"] > today)
        & (b["ends"] > today)
    )
    return {frozenset(pair) for pair in zip(a["origin_id"][meet], b["origin_id"][meet], strict=True)}


def conflict_pairs(conn: sa.Connection) -> Pairs:
    """The pairs of digs of the stored conflicts of `works_clash` that are not over."""
    return {frozenset((str(row["a"]), str(row["b"]))) for row in db.fetch(conn, PACKAGE, "conflict_pairs")}


def _touching(frame: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Each unordered pair of rows whose ground touches, by position."""
    one, other = frame.sindex.query(frame.geometry, predicate="intersects")
    return one[one < other], other[one < other]


def as_drawn(published: gpd.GeoDataFrame) -> pd.DataFrame:
    """Pairs of works that touch as they were drawn and whose published instants overlap: a bare intersection, no rules.

    `published` holds gipodId, owner, startDateTime, endDateTime and the ground as drawn. The answer: a, b (gipodId), same_owner.
    """
    frame = published.assign(geometry=published.geometry.make_valid()).reset_index(drop=True)
    one, other = _touching(frame)
    a, b = frame.iloc[one].reset_index(), frame.iloc[other].reset_index()
    meet = (a["startDateTime"] <= b["endDateTime"]) & (b["startDateTime"] <= a["endDateTime"])
    pairs = pd.DataFrame(
        {"a": a["gipodId"].astype(str), "b": b["gipodId"].astype(str), "same_owner": a["owner"] == b["owner"]}
    )
    found: pd.DataFrame = pairs[meet].reset_index(drop=True)
    return found
