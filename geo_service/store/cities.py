"""The city that is in force: its file is put here when the database is prepared, and read by every process."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service import db
from geo_service.domain.city import City, read
from geo_service.store.tables import city as city_table

PACKAGE = "geo_service.store"


def put(conn: sa.Connection, content: Mapping[str, Any]) -> bool:
    """Put the content of a city's file in force; return whether it differs from what was. Raises InvalidCity.

    Claims, conflicts and advice that follow from it are the worker's: it computes everything anew.
    """
    read(content)
    plain = json.loads(json.dumps(content, default=str))
    digest = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
    row = {"content": plain, "digest": digest, "updated_at": sa.func.now()}
    added = insert(city_table).values(row)
    changed = added.on_conflict_do_update(
        index_elements=["id"], set_=row, where=city_table.c.digest != digest
    )
    return conn.scalar(changed.returning(city_table.c.id)) is not None


def in_force(conn: sa.Connection) -> City:
    """Return the city. Raises LookupError when the database was never prepared."""
    rows = db.fetch(conn, PACKAGE, "city_digest", prepare=True)
    if not rows:
        raise LookupError("the database has no city: run `geo-service db migrate`")
    city = _cities().get(rows[0]["digest"])
    if city is None:
        newest = conn.execute(sa.select(city_table.c.digest, city_table.c.content)).one()
        city = _cities()[newest.digest] = read(newest.content)
    return city


def digest(conn: sa.Connection) -> str:
    """Return the digest of the content that is in force."""
    return str(conn.scalars(sa.select(city_table.c.digest)).one())


@functools.cache
def _cities() -> dict[str, City]:
    """The cities that this process has read, by digest: one for a service, several in tests."""
    return {}
