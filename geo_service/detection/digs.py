"""Digs: records of one owner group on the same ground in the same days are one opening of the street."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa

from geo_service import db, sql
from geo_service.domain.parameters import Parameters

PACKAGE = "geo_service.detection"


def merge(
    conn: sa.Connection,
    works_ids: Iterable[UUID],
    parameters: Parameters,
    *,
    everything: bool = False,
    kept: bool = False,
) -> list[UUID]:
    """Find anew which records around these works are one dig, and return all works that this touches, the given ones included.

    Pure of the stored facts: the order in which records came plays no part, but for the dig's name, which is its oldest phase.
    `kept`: with the plans that this connection keeps for a few works.
    """
    given = list(works_ids)
    if not everything and not given:
        return []
    asked = {"works_ids": given}
    digs, mates, store = (
        sql.bare(PACKAGE, name, everything="true" if everything else "false")
        for name in ("digs", "digs_mates", "digs_store")
    )
    rows = db.ask(conn, digs, {**asdict(parameters), **asked}, kept=kept)
    works_of = {row["id"]: row["works_id"] for row in rows}
    names = components({row["id"]: row["mates"] or () for row in rows})
    merged = [
        {"phase_id": str(phase), "works_id": str(works_of[phase]), "dig_id": str(dig)}
        for phase, dig in names.items()
    ]
    touched = {*given, *works_of.values()}
    if not everything:
        touched.update(row["works_id"] for row in db.ask(conn, mates, asked, kept=kept))
    db.tell(conn, store, {"works_ids": list(touched), "digs": json.dumps(merged)}, kept=kept)
    return sorted(touched)


def components(mates: Mapping[UUID, Iterable[UUID]]) -> dict[UUID, UUID]:
    """Each member of a group of two or more, with the oldest member of its group: ids are in order of time."""
    names: dict[UUID, UUID] = {}
    for start in sorted(mates):
        if start in names:
            continue
        waiting, group = [start], {start}
        while waiting:
            new = set(mates[waiting.pop()]) - group
            group |= new
            waiting += new
        if len(group) > 1:
            names.update(dict.fromkeys(group, start))
    return names
