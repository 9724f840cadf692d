"""Digs: records of one owner group on the same ground in the same days are one opening of the street."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from uuid import UUID

import sqlalchemy as sa

from geo_service import db, sql
from geo_service.domain.parameters import Parameters
from geo_service.store import renumberings

PACKAGE = "geo_service.detection"


def merge(
    conn: sa.Connection,
    works_ids: Iterable[UUID],
    parameters: Parameters,
    *,
    everything: bool = False,
    prepare: bool = False,
) -> list[UUID]:
    """Find anew which records around these works are one dig, and return all works that this touches, the given ones included.

    Pure of the stored facts: the order in which records came plays no part, but for the dig's name, which is its oldest phase.
    `prepare`: with the plans that this connection keeps for a few works.
    """
    ids = list(works_ids)
    if not everything and not ids:
        return []
    near = _neighbourhood(conn, ids, parameters, everything=everything, prepare=prepare)
    names = components(_without_silent(conn, near))
    merged = [
        {"phase_id": str(phase), "works_id": str(near[phase][0]), "dig_id": str(dig)}
        for phase, dig in names.items()
    ]
    touched = {*ids, *(works_id for works_id, _ in near.values())}
    if not everything:
        mates = db.fetch(conn, PACKAGE, "digs_mates", prepare=prepare, works_ids=sql.uuids(ids))
        touched.update(row["works_id"] for row in mates)
    db.execute(
        conn,
        PACKAGE,
        "digs_store",
        prepare=prepare,
        constants={"everything": "true" if everything else "false"},
        works_ids=sql.uuids(touched),
        digs=json.dumps(merged),
    )
    return sorted(touched)


def _without_silent(
    conn: sa.Connection, near: Mapping[UUID, tuple[UUID, Sequence[UUID]]]
) -> dict[UUID, Iterable[UUID]]:
    """By phase, its mates; without works that are probably others under a new id, which would make a dig twice as large as it is."""
    silent = renumberings.silent(conn, {works_id for works_id, _ in near.values()})
    speaking = {phase for phase, (works_id, _) in near.items() if works_id not in silent}
    return {phase: speaking.intersection(near[phase][1]) for phase in speaking}


def _neighbourhood(
    conn: sa.Connection, works_ids: list[UUID], parameters: Parameters, *, everything: bool, prepare: bool
) -> dict[UUID, tuple[UUID, Sequence[UUID]]]:
    """By phase, its works and the phases that are one dig with it: of these works, and through neighbours of neighbours."""
    constants: dict[str, sql.Constant] = {"everything": "true" if everything else "false"}
    near: dict[UUID, tuple[UUID, Sequence[UUID]]] = {}
    subject = {"works_ids": sql.uuids(works_ids), "phase_ids": sql.uuids(())}
    while True:
        rows = db.fetch(
            conn, PACKAGE, "digs", prepare=prepare, constants=constants, **asdict(parameters), **subject
        )
        near |= {row["id"]: (row["works_id"], row["mates"] or ()) for row in rows}
        beyond = {mate for row in rows for mate in row["mates"] or ()} - near.keys()
        if not beyond:
            return near
        subject = {"works_ids": sql.uuids(()), "phase_ids": sql.uuids(beyond)}


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
