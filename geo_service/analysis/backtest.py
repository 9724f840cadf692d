"""What rules would have found: pairs by rule, by the year in which both were there, and by the owner of the works."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

OF_WORKS = ("opening", "occupancy", "guarantee", "protection")
"""The kinds of claims that works make. A pair of two works counts for the owners of both."""
BY = ["rule", "year", "owner"]


def by_year_and_owner(pairs: pa.Table) -> list[dict[str, Any]]:
    """One row for each rule, year and owner group of works, with `meetings` (of what counts as one), `pairs` and `overlap_m2`."""
    frame = pairs.to_pandas()
    sides = [_seen_from(frame, side) for side in ("a", "b")]
    seen = pd.concat(sides).drop_duplicates([*BY, "a_origin_id", "a_kind", "b_origin_id", "b_kind"])
    return _counts_by(seen, BY)


def by_year(pairs: pa.Table) -> list[dict[str, Any]]:
    """The same for each rule and year: every pair once."""
    return _counts_by(_with_year(pairs.to_pandas()), BY[:2])


def _with_year(frame: pd.DataFrame) -> pd.DataFrame:
    """With the year in which the later of the two begins."""
    later = pd.to_datetime(frame[["a_starts", "b_starts"]].max(axis=1))
    return frame.assign(rule=frame["rule_id"], year=later.dt.year)


def _seen_from(frame: pd.DataFrame, side: str) -> pd.DataFrame:
    """The pairs of which this side is works, with their owner."""
    rows = _with_year(frame[frame[f"{side}_kind"].isin(OF_WORKS)])
    return rows.assign(owner=rows[f"{side}_owner"])


def _counts_by(frame: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    meeting = frame["a_group_id"] + " " + frame["b_group_id"]
    grouped = frame.assign(meeting=meeting).groupby(names, sort=True, dropna=False)
    table = grouped.agg(
        meetings=("meeting", "nunique"), pairs=("meeting", "size"), overlap_m2=("overlap_m2", "sum")
    ).reset_index()
    records = table.round({"overlap_m2": 2}).to_dict("records")
    return [{str(name): value for name, value in record.items()} for record in records]
