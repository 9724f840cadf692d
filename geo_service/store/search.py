"""What a few words mean: places, works, owners and numbers, the likeliest first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.queries import Query
from geo_service.store.listing import Row

PACKAGE = "geo_service.store"
MOST_OF_A_KIND = 5


def hits(conn: sa.Connection, query: Query, *, repairs: bool) -> list[dict[str, Any]]:
    """At most twenty hits, at most five of a kind; `repairs`: whether repairs are among them. lon, lat in WGS84, null for what has many places."""
    return db.fetch(
        conn,
        PACKAGE,
        "search",
        words=query.words,
        street=query.street,
        house=query.house,
        number=query.number,
        kinds=list(query.kinds),
        most=MOST_OF_A_KIND,
        repairs=repairs,
    )


def streets(conn: sa.Connection, name: str) -> list[str]:
    """The streets that are called so, or else at most five that are called something like it, the likeliest first."""
    rows = db.fetch(conn, PACKAGE, "search_streets", street=name, most=MOST_OF_A_KIND)
    return [row["name"] for row in rows if row["exact"]] or [row["name"] for row in rows]


def stretch_hit(row: Row) -> dict[str, Any]:
    """The footpath along some houses of a street (a row of `stretches.find`) as a hit."""
    numbers = "–".join(dict.fromkeys((row["number_from"], row["number_to"])))
    hit = {"kind": "stretch", "id": None, "name": f"{row['street']} {numbers}", "detail": row["side"], "code": "footpath"}  # fmt: skip
    return {**hit, "starts_on": None, "ends_on": None, "lon": row["lon"], "lat": row["lat"]}
