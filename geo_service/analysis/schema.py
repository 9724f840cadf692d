"""The files of a folder of claims, version 1: which columns `claims` and `rules` have, and which the pairs that come of them.

A change to CLAIMS, RULES or the manifest is a new VERSION; docs/how-to/batch.md explains each column.
"""

from __future__ import annotations

import json

import pyarrow as pa
from pyproj import CRS

from geo_service.domain.crs import STORAGE

VERSION = 1
WORDS = pa.list_(pa.string())

CLAIM_FIELDS = (
    pa.field("kind", pa.string(), nullable=False),
    pa.field("origin_id", pa.string(), nullable=False),
    pa.field("works_id", pa.string()),
    pa.field("repair_id", pa.string()),
    pa.field("building_id", pa.string()),
    pa.field("owner_group_id", pa.string()),
    pa.field("starts", pa.date32(), nullable=False),
    pa.field("ends", pa.date32()),
    pa.field("stated_starts", pa.date32()),
    pa.field("stated_ends", pa.date32()),
    pa.field("certainty", pa.string()),
    pa.field("probability", pa.float64(), nullable=False),
    pa.field("firm", pa.bool_(), nullable=False),
    pa.field("umbrella", pa.bool_(), nullable=False),
    pa.field("overdue", pa.bool_(), nullable=False),
    pa.field("moratorium_until", pa.date32()),
    pa.field("surfaces", WORDS, nullable=False),
    pa.field("value_eur", pa.float64()),
    pa.field("life_days", pa.int32()),
    pa.field("geom", pa.binary(), nullable=False),
    pa.field("group_id", pa.string(), nullable=False),
    pa.field("street_id", pa.string()),
    pa.field("sides", WORDS, nullable=False),
    pa.field("severity", pa.string()),
    pa.field("eur_per_m2", pa.float64()),
    pa.field("layer", pa.string()),
)

RULES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("version", pa.int32(), nullable=False),
        pa.field("state", pa.string(), nullable=False),
        pa.field("kinds_a", WORDS, nullable=False),
        pa.field("kinds_b", WORDS, nullable=False),
        pa.field("clearance_m", pa.float64(), nullable=False),
        pa.field("min_overlap_share", pa.float64(), nullable=False),
        pa.field("before_days", pa.int32(), nullable=False),
        pa.field("after_days", pa.int32(), nullable=False),
        pa.field("owners", pa.string(), nullable=False),
        pa.field("severity", pa.string()),
        pa.field("blocking", pa.bool_(), nullable=False),
        pa.field("opportunity", pa.bool_(), nullable=False),
        pa.field("departments", WORDS, nullable=False),
        pa.field("same_side", pa.bool_(), nullable=False),
        pa.field("ends_within_days", pa.int32()),
        pa.field("least_count", pa.int32()),
        pa.field("window_days", pa.int32()),
        pa.field("yields_to", WORDS, nullable=False),
    ]
)

PAIRS = pa.schema(
    [
        pa.field("rule_id", pa.string(), nullable=False),
        pa.field("rule_version", pa.int32(), nullable=False),
        pa.field("a_kind", pa.string(), nullable=False),
        pa.field("a_origin_id", pa.string(), nullable=False),
        pa.field("a_group_id", pa.string(), nullable=False),
        pa.field("a_owner", pa.string()),
        pa.field("b_kind", pa.string(), nullable=False),
        pa.field("b_origin_id", pa.string(), nullable=False),
        pa.field("b_group_id", pa.string(), nullable=False),
        pa.field("b_owner", pa.string()),
        pa.field("a_starts", pa.date32(), nullable=False),
        pa.field("b_starts", pa.date32(), nullable=False),
        pa.field("distance_m", pa.float64(), nullable=False),
        pa.field("overlap_m2", pa.float64(), nullable=False),
        pa.field("a_m2", pa.float64(), nullable=False),
        pa.field("b_m2", pa.float64(), nullable=False),
        pa.field("gap_days", pa.int32(), nullable=False),
        pa.field("overlap_days", pa.int32(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
    ]
)


def claims() -> pa.Schema:
    """The schema of a file of claims, as GeoParquet 1.1 in the storage CRS."""
    column = {"encoding": "WKB", "geometry_types": [], "crs": CRS.from_epsg(STORAGE).to_json_dict()}
    geo = {"version": "1.1.0", "primary_column": "geom", "columns": {"geom": column}}
    return pa.schema(CLAIM_FIELDS, metadata={"geo": json.dumps(geo)})
