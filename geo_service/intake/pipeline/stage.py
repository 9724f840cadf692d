"""The stage: a temporary table with the records of one import, compared with the stored records."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import sqlalchemy as sa

from geo_service import db
from geo_service.intake.records import Record
from geo_service.store.listing import Row

PACKAGE = "geo_service.intake.pipeline"


_NUL = re.compile(rb"\\u0000")
# In a list: what orjson makes of NaN, or a null that was there.
_NULL_ITEM = re.compile(rb"[\[,]null")


class StagedRecord(NamedTuple):
    """A record to be read: `same` says whether it equals that of the last import; `works_id` names the works
    it became then.
    """

    record: Record
    same: bool
    works_id: UUID | None


class NotJson(ValueError):
    """The record holds a number that JSON cannot represent."""


@contextmanager
def open_stage(conn: sa.Connection) -> Iterator[None]:
    """Create the stage of one import, and drop it at the end."""
    with conn.begin():
        db.execute(conn, PACKAGE, "stage_drop")
        db.execute(conn, PACKAGE, "stage")
    try:
        yield
    finally:
        if not conn.invalidated:
            conn.rollback()
            with conn.begin():
                db.execute(conn, PACKAGE, "stage_drop")


Line = tuple[int, int | None, str, str, bytes, str]


def line(record: Record, meaning: str) -> Line:
    """A record as a row of the stage. Raises NotJson."""
    raw, text = _encode(record.raw)
    if _NUL.search(raw):  # PostgreSQL holds no NUL
        raw, text = _encode(_without_nul(record.raw))
    hashed = hashlib.sha256(meaning.encode() + b"\n" + raw).digest()
    return record.row, record.line, record.key, record.group, hashed, text


def put(conn: sa.Connection, lines: Iterable[Line]) -> None:
    """Copy rows to the stage."""
    db.copy(conn, "import_stage", ("row", "line", "record_key", "record_group", "content_hash", "raw"), lines)


def put_refused(conn: sa.Connection, keys: Iterable[str]) -> None:
    """Store the keys of records that are present but not taken in."""
    rows = ((key.encode("utf-8", "replace").decode().replace("\0", ""),) for key in keys)
    db.copy(conn, "import_refused", ("record_key",), rows)


def repeats(conn: sa.Connection, *, merge: bool) -> list[tuple[int, str, int | None]]:
    """Delete repeated records from the stage; return their rows, keys and lines. With `merge` the last one
    stays, else the first.
    """
    rows = db.fetch(conn, PACKAGE, "stage_repeats", merge=merge)
    return [(row["row"], row["record_key"], row["line"]) for row in rows]


def compare(conn: sa.Connection, source: str, *, full: bool) -> int:
    """Mark the groups that must be read; return the number of records that need not."""
    db.execute(conn, PACKAGE, "stage_index")
    db.execute(conn, PACKAGE, "stage_aliases", source=source)
    db.execute(conn, PACKAGE, "stage_compare", source=source)
    return db.execute(conn, PACKAGE, "stage_skip", source=source, full=full)


def take(conn: sa.Connection, after: str, size: int) -> Sequence[Row]:
    """The rows of the next `size` groups after the name `after`, in order of their names; `groups` converts
    them.
    """
    return db.fetch(conn, PACKAGE, "stage_next", after=after, groups=size)


def groups(rows: Sequence[Row]) -> list[list[StagedRecord]]:
    """Convert rows to groups of records."""
    staged = (
        StagedRecord(
            Record(row["row"], row["record_key"], row["record_group"], orjson.loads(row["raw"]), row["line"]),
            row["same"],
            row["works_id"],
        )
        for row in rows
    )
    return [list(group) for _, group in groupby(staged, key=lambda one: one.record.group)]


def absent(
    conn: sa.Connection, source: str, works_ids: Sequence[UUID], *, full: bool
) -> dict[UUID, list[str]]:
    """The keys of stored records of these works of which this import says nothing: after a `full` look, those that
    are present but not taken in.
    """
    keys: dict[UUID, list[str]] = {}
    for row in db.fetch(conn, PACKAGE, "records_absent", source=source, works_ids=list(works_ids), full=full):
        keys.setdefault(row["works_id"], []).append(row["record_key"])
    return keys


def _encode(raw: dict[str, Any]) -> tuple[bytes, str]:
    """The record as JSON in UTF-8 with sorted keys; half of a surrogate pair becomes a question mark."""
    try:
        encoded = orjson.dumps(raw, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError):  # half a pair, a number of more than 64 bits
        encoded = _encoded_by_hand(raw)
    else:
        if _NULL_ITEM.search(encoded):
            encoded = _encoded_by_hand(raw)
    return encoded, encoded.decode()


def _encoded_by_hand(raw: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(raw, allow_nan=False, ensure_ascii=False, sort_keys=True)
    except ValueError:
        raise NotJson("the record holds NaN or Infinity") from None
    except RecursionError:
        raise NotJson("the record is nested without end") from None
    encoded = text.encode("utf-8", "replace")
    try:
        orjson.loads(encoded)
    except orjson.JSONDecodeError as error:  # what cannot be read again would end the whole import
        raise NotJson(f"the record cannot be read again: {str(error).partition(':')[0]}") from None
    return encoded


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return [_without_nul(item) for item in value] if isinstance(value, list) else value
