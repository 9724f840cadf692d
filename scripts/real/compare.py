"""Why the clashes found in Flanders are not the pairs of a bare intersection: a reason for each pair."""

from __future__ import annotations

import gzip
from pathlib import Path

import geopandas as gpd
import pandas as pd

from scripts.real import judge
from scripts.real.runs import FLANDERS

NOT_FOUND = ("same owner", "one owner group", "rejected, no known end")


def published(shared: Path) -> gpd.GeoDataFrame:
    """The works of Flanders as they were published, one row each."""
    with gzip.open(shared / FLANDERS) as file:
        return gpd.read_file(file)


def reasons(
    claimed: gpd.GeoDataFrame, found: judge.Pairs, drawn: gpd.GeoDataFrame
) -> dict[frozenset[str], str]:
    """For each pair of GIPOD numbers that a bare intersection or the service finds: `both`, or why only one of them does."""
    numbers = dict(zip(claimed["origin_id"], claimed["source_id"], strict=True))
    ours = {frozenset(numbers[origin] for origin in pair) for pair in found}
    bare = judge.as_drawn(drawn)
    same_owner = {frozenset(row[:2]): row[2] for row in bare.itertuples(index=False)}
    claims = claimed.set_index("source_id")
    ground = drawn.set_index(drawn["gipodId"].astype(str)).geometry.make_valid()
    said = dict.fromkeys(ours & same_owner.keys(), "both")
    for pair in same_owner.keys() - ours:
        said[pair] = _left_out(claims, pair, same_owner[pair])
    for pair in ours - same_owner.keys():
        said[pair] = _added(claims, ground, pair)
    return said


def _left_out(claims: pd.DataFrame, pair: frozenset[str], same_owner: bool) -> str:
    if not pair <= set(claims.index):
        return NOT_FOUND[2]
    if same_owner:
        return NOT_FOUND[0]
    groups = {claims.at[number, "owner_group_id"] for number in pair}
    return NOT_FOUND[1] if len(groups) == 1 else "unexplained"


def _added(claims: pd.DataFrame, ground: gpd.GeoSeries, pair: frozenset[str]) -> str:
    one, other = sorted(pair)
    if not ground[one].intersects(ground[other]):
        return "widened to the working width"
    a, b = claims.loc[one], claims.loc[other]
    if a["overdue"] or b["overdue"]:
        return "planned, not begun: still to come"
    return "slack of planned works" if "planned" in (a["certainty"], b["certainty"]) else "unexplained"
