"""Pairs as all engines give them: the same columns, figures rounded in one place, in one order, with a hash to compare them by."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv, parquet

from geo_service.analysis import schema
from geo_service.domain.errors import InvalidInput

ORDER = ("rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id")
"""What tells pairs apart."""
DECIMALS = {"distance_m": 2, "overlap_m2": 2, "a_m2": 2, "b_m2": 2, "probability": 4}
ORIGIN = "geo_service"
"""The entry of a file's footer that says where its pairs come from."""
NOISE_DECIMALS = 6
"""What engines compute alike: further decimals depend on the order of a sum, and would turn a half up here and down there."""


def canonical(rows: pa.Table) -> pa.Table:
    """The pairs of an engine as `schema.PAIRS`: days as dates (they may come as days since 1970), figures rounded, sorted by ORDER."""
    columns = []
    for field in schema.PAIRS:
        column = rows.column(field.name)
        if pa.types.is_date32(field.type) and not pa.types.is_date32(column.type):
            column = column.cast(pa.int32())
        column = column.cast(field.type)
        if decimals := DECIMALS.get(field.name):
            column = pc.round(pc.round(column, NOISE_DECIMALS), decimals)
        columns.append(column)
    table = pa.table(columns, schema=schema.PAIRS)
    return table.sort_by([(name, "ascending") for name in ORDER])


def digest(pairs: pa.Table) -> str:
    """SHA-256 of canonical pairs, written as CSV without a header."""
    sink = pa.BufferOutputStream()
    csv.write_csv(pairs, sink, csv.WriteOptions(include_header=False))
    return hashlib.sha256(sink.getvalue()).hexdigest()


def check_place(out: Path) -> None:
    """Raises InvalidInput about `out` when its folder is not there, before hours of work are lost."""
    if not out.absolute().parent.is_dir():
        raise InvalidInput.one("out", "not_writable", given=str(out), error=os.strerror(errno.ENOENT))


def write(pairs: pa.Table, out: Path, origin: Mapping[str, Any]) -> None:
    """Write pairs as Parquet, with their origin in the footer, which is written last: the file is there whole, or is the one before.

    Raises InvalidInput about `out`.
    """
    stamped = pairs.replace_schema_metadata({ORIGIN: json.dumps(origin, default=str)})
    try:
        with tempfile.TemporaryDirectory(dir=out.absolute().parent, prefix=f".{out.name}.") as unfinished:
            place = Path(unfinished) / out.name
            parquet.write_table(stamped, place, compression="zstd")
            place.replace(out)
    except OSError as error:
        raise InvalidInput.one("out", "not_writable", given=str(out), error=error.strerror) from error
