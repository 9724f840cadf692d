"""Others that find the same conflicts as the full run: GeoPandas from the same database, SedonaDB from GeoParquet.

Each starts where its user would, at a connection or at a file, and ends with the conflicts and their figures in memory. They know the five rules
of MEETINGS; what counts as one claim (a dig of several records) has one name, but its figures are those of its records.
"""

from __future__ import annotations

import importlib.util
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.bench.region import PACKAGE
from geo_service.domain.crs import STORAGE

PAIR = ["rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id"]
CLAIMS = """
    SELECT kind, CAST(group_id AS text) AS origin_id, CAST(works_id AS text) AS works_id, owner_group_id, starts - DATE '1970-01-01' AS starts,
           ends - DATE '1970-01-01' AS ends, surfaces, sides, value_eur, life_days, probability, geom FROM claims WHERE kind NOT IN ('access', 'street')"""

Pairs = set[tuple[str, ...]]


@dataclass(frozen=True)
class Meeting:
    """A rule as somebody writes it out who uses GeoPandas."""

    rule_id: str
    kinds_a: tuple[str, ...]
    kinds_b: tuple[str, ...]
    reach_m: float = 0
    other_owner: bool = False
    min_overlap_share: float = 0
    same_side: bool = False
    unsure_reach_m: float | None = None  # where a side of the street is not known


WORKS = ("opening", "occupancy")
MEETINGS = (
    Meeting("wasted_repair", ("investment",), ("opening",), reach_m=2, same_side=True, unsure_reach_m=1),
    Meeting("repair_during_works", ("repair",), ("opening",), reach_m=2, same_side=True, unsure_reach_m=1),
    Meeting("occupancy_during_repair", ("repair",), ("occupancy",)),
    Meeting("guarantee_applies", ("defect",), ("guarantee",), other_owner=True, min_overlap_share=0.2),
    Meeting("works_clash", WORKS, WORKS, other_owner=True, same_side=True),
)


def missing(library: str) -> str | None:
    """What to say about a peer that is not installed; None when it is there."""
    try:
        spec = importlib.util.find_spec(library)
    except ValueError:  # a module that was taken out
        spec = None
    return None if spec else f"{library} is not installed: uv sync --group bench"


def claims_frame(engine: sa.Engine) -> gpd.GeoDataFrame:
    """All claims; days as numbers since 1970."""
    with db.read(engine) as conn:
        return gpd.read_postgis(CLAIMS, conn, crs=STORAGE)


def by_geopandas(engine: sa.Engine) -> pd.DataFrame:
    """Read, join and filter: one `sjoin` per rule."""
    claims = claims_frame(engine)
    return pd.concat([_meet(claims, meeting) for meeting in MEETINGS], ignore_index=True)


def _meet(claims: gpd.GeoDataFrame, meeting: Meeting) -> pd.DataFrame:
    a = claims[claims["kind"].isin(meeting.kinds_a)]
    b = claims[claims["kind"].isin(meeting.kinds_b)]
    left, right = b.sindex.query(a.geometry, predicate="dwithin", distance=meeting.reach_m)
    a, b = a.iloc[left].reset_index(drop=True), b.iloc[right].reset_index(drop=True)
    kept = (b["starts"] < a["ends"]) & (a["starts"] < b["ends"])
    if meeting.other_owner:
        kept &= a["owner_group_id"] != b["owner_group_id"]
    if meeting.kinds_a == meeting.kinds_b:
        kept &= (a["origin_id"] < b["origin_id"]) & (a["works_id"] != b["works_id"])
    a, b = a[kept].reset_index(drop=True), b[kept].reset_index(drop=True)
    kept = _share_one(a["surfaces"], b["surfaces"])
    if meeting.same_side:
        kept &= _share_one(a["sides"], b["sides"])
    distance_m = a.geometry.distance(b.geometry)
    if meeting.unsure_reach_m is not None:
        sure = (a["sides"].map(len) > 0) & (b["sides"].map(len) > 0)
        kept &= sure | (distance_m <= meeting.unsure_reach_m)
    overlap_m2 = a.geometry.intersection(b.geometry).area
    kept &= overlap_m2 >= meeting.min_overlap_share * a.geometry.area
    gap_days = np.maximum(0, b["starts"] - a["starts"])
    remaining_share = np.maximum(0, 1 - gap_days / a["life_days"])
    met = pd.DataFrame(
        {
            "rule_id": meeting.rule_id,
            "a_kind": a["kind"],
            "a_origin_id": a["origin_id"],
            "b_kind": b["kind"],
            "b_origin_id": b["origin_id"],
            "distance_m": distance_m,
            "overlap_m2": overlap_m2,
            "gap_days": gap_days,
            "cost_at_risk_eur": (a["value_eur"] * remaining_share * b["probability"]).round(2),
        }
    )
    frame: pd.DataFrame = met.loc[kept]
    return frame


def _share_one(a: pd.Series[Any], b: pd.Series[Any]) -> pd.Series[bool]:
    """Surfaces or sides of which both have one; who names none may have any."""
    return pd.Series(
        [not one or not other or bool(set(one) & set(other)) for one, other in zip(a, b, strict=True)],
        dtype=bool,
    )


def by_sedonadb(parquet: Path) -> pd.DataFrame:
    """The same in SQL, by SedonaDB from a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for libraries that nothing here needs
        import sedonadb

        session = sedonadb.connect()
    session.read_parquet(str(parquet)).to_view("claims", overwrite=True)
    frame: pd.DataFrame = session.sql(sql.source(PACKAGE, "peer_full_sedona")).to_pandas()
    return frame


def pairs(frame: pd.DataFrame) -> Pairs:
    """Which conflicts a frame holds."""
    return set(frame[PAIR].itertuples(index=False, name=None))
