"""Run the detection for everything, for changes, or for a what-if. One query serves all three."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

import psycopg
import sqlalchemy as sa
import uuid_utils.compat
from psycopg.rows import dict_row
from shapely import from_wkb
from shapely.geometry.base import BaseGeometry

from geo_service import db, sql
from geo_service.detection import digs
from geo_service.domain.buildings import ACCESS_FUNCTIONS, EMERGENCY_FUNCTIONS
from geo_service.domain.city import City
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import RepairCategory, Scope
from geo_service.store import cities, rules
from geo_service.store.listing import Row
from geo_service.store.tables.findings import CLAIM_COLUMNS

PACKAGE = "geo_service.detection"
FEW = 20

CONFLICT_COLUMNS = (
    "rule_id", "rule_version", "shadow", "opportunity", "departments", "severity", "blocking", "a_kind", "a_origin_id", "b_kind",
    "b_origin_id", "a", "b", "works_ids", "repair_id", "building_id", "street_id", "over_on", "facts", "geom",
)  # fmt: skip

EventKind = Literal["opened", "reopened", "changed", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Subject:
    """The works, repairs, buildings and streets to recompute, or everything."""

    works_ids: Sequence[UUID] = ()
    repair_ids: Sequence[UUID] = ()
    building_ids: Sequence[UUID] = ()
    street_ids: Sequence[UUID] = ()
    everything: bool = False

    @property
    def few(self) -> bool:
        """Whether a generic plan for few things fits; for more, PostgreSQL plans with the real numbers."""
        named = (self.works_ids, self.repair_ids, self.building_ids, self.street_ids)
        return not self.everything and sum(map(len, named)) <= FEW

    def params(self) -> dict[str, Any]:
        """The parameters of the SQL files."""
        return {
            "everything": self.everything,
            "works_ids": sql.uuids(self.works_ids),
            "repair_ids": sql.uuids(self.repair_ids),
            "building_ids": sql.uuids(self.building_ids),
            "street_ids": sql.uuids(self.street_ids),
        }


EVERYTHING = Subject(everything=True)


@dataclass(frozen=True, slots=True)
class ConflictEvent:
    """What happened to a stored conflict in one run; `details` holds `[old, new]` by field."""

    conflict_id: UUID
    kind: EventKind
    details: Mapping[str, Any]
    repair_id: UUID | None


@dataclass(frozen=True, slots=True)
class WhatIfRepair:
    """A repair of a what-if. `geometry` in the storage CRS; no days means: today."""

    geometry: BaseGeometry
    scope: Scope
    owner_group: str
    starts_on: date | None = None
    ends_on: date | None = None
    category: RepairCategory = "other"
    latest_on: date | None = None
    stored: bool = False  # whether `id` is that of a repair in the store
    id: UUID = field(default_factory=uuid_utils.compat.uuid7)


def refresh(
    conn: sa.Connection, subject: Subject, today: date, parameters: Parameters | None = None
) -> list[ConflictEvent]:
    """Bring claims and conflicts of `subject` up to date; return what changed.

    The caller holds the writers' lock (`store.locks`) and commits this together with the facts that changed; it may have
    loaded the `parameters` already.
    """
    parameters = parameters or rules.load_parameters(conn)
    with db.pipeline(conn) as pipeline:
        _clear(pipeline, subject)
    merged = digs.merge(
        conn, subject.works_ids, parameters, everything=subject.everything, prepare=subject.few
    )
    subject = replace(subject, works_ids=merged)
    params = params_of(subject, today, parameters, cities.in_force(conn))
    with db.pipeline(conn) as pipeline:
        pipeline.generic_plans(subject.few)
        _store_claims(pipeline, subject, params)
        if subject.works_ids and not subject.everything:
            met = {street_id for (street_id,) in _send(pipeline, subject, "streets_met", params).fetchall()}
            subject = replace(subject, street_ids=sorted({*subject.street_ids, *met}))
            params |= subject.params()
        _find(pipeline, subject, params)
        settled = [_send(pipeline, subject, name, params) for name in ("conflicts_open", "conflicts_close")]
    return [ConflictEvent(*row) for events in settled for row in events.fetchall()]


def what_if(
    conn: sa.Connection, repair: WhatIfRepair, today: date, parameters: Parameters | None = None
) -> tuple[list[Row], BaseGeometry]:
    """The conflicts that `repair` would have, in the columns of `CONFLICT_COLUMNS`, and the ground it would take (storage CRS); nothing is stored.

    If `repair.id` is that of a stored repair, its own claims are left out.
    """
    rows, grounds = what_ifs(conn, [repair], today, parameters)
    return rows, grounds[repair.id]


def what_ifs(
    conn: sa.Connection,
    questions: Sequence[WhatIfRepair],
    today: date,
    parameters: Parameters | None = None,
) -> tuple[list[Row], dict[UUID, BaseGeometry]]:
    """The same for several repairs, each by its own id and as if the others were not there; the grounds by id."""
    params = params_of(Subject(), today, parameters or rules.load_parameters(conn), cities.in_force(conn))
    rows = json.dumps([_row_of(question) for question in questions])
    with db.pipeline(conn) as pipeline:
        pipeline.generic_plans()
        fresh = _ask(pipeline, "claims_repairs", {**params, "what_if": rows})
    claimed = [{name: _plain(value) for name, value in row.items()} for row in fresh.fetchall()]
    with db.pipeline(conn) as pipeline:
        conflicts = _ask(pipeline, "detect", {**params, "what_if": json.dumps(claimed)})
    grounds = {UUID(row["repair_id"]): row["geom"] for row in claimed if row["kind"] == "repair"}
    return [*conflicts.fetchall()], {id_: from_wkb(ground) for id_, ground in grounds.items()}


def _row_of(repair: WhatIfRepair) -> dict[str, Any]:
    """A what-if repair in the form of `claims_repairs.sql`."""
    return {
        "id": str(repair.id),
        "scope": repair.scope,
        "category": repair.category,
        "status": "scheduled" if repair.starts_on else "requested",
        "starts": repair.starts_on and repair.starts_on.isoformat(),
        "ends": repair.ends_on and repair.ends_on.isoformat(),
        "owner_group_id": repair.owner_group,
        "geom": hex_ewkb(repair.geometry),
    }


def find(conn: sa.Connection, subject: Subject, today: date, parameters: Parameters | None = None) -> None:
    """Write the pairs that the rules find around `subject` to the scratch table (`scratch.sql`)."""
    params = params_of(subject, today, parameters or rules.load_parameters(conn), cities.in_force(conn))
    with db.pipeline(conn) as pipeline:
        _find(pipeline, subject, params)


def _clear(pipeline: db.Pipeline, subject: Subject) -> None:
    """Empty scratch tables; for a few changes, plans that were made for few."""
    pipeline.generic_plans(subject.few)
    for statement in sql.statements(PACKAGE, "scratch"):
        pipeline.send(statement, prepare=subject.few)


def _store_claims(pipeline: db.Pipeline, subject: Subject, params: Mapping[str, Any]) -> None:
    """Write the claims of `subject` as they should be now to the scratch table, and make the stored ones equal to them."""
    for name, ids in (
        ("claims_works", subject.works_ids),
        ("claims_repairs", subject.repair_ids),
        ("claims_buildings", subject.building_ids),
        ("claims_streets", subject.street_ids),
    ):
        if subject.everything or ids:
            _send(pipeline, subject, name, params, into=("fresh_claims", CLAIM_COLUMNS))
    _send(pipeline, subject, "claims_silent", params)
    _send(pipeline, subject, "claims_store", params)
    if subject.everything:
        pipeline.send(sql.Statement("ANALYZE claims"))


def _find(pipeline: db.Pipeline, subject: Subject, params: Mapping[str, Any]) -> None:
    if not subject.everything:
        _send(pipeline, subject, "detect", params, into=("found_conflicts", CONFLICT_COLUMNS))
        return
    # The table is made anew: PostgreSQL shares the search out among parallel workers for CREATE TABLE AS, never for INSERT.
    statement = _statement(subject, "detect")
    pipeline.send(sql.Statement("DROP TABLE found_conflicts"))
    made = f"CREATE TEMP TABLE found_conflicts ON COMMIT DELETE ROWS AS {statement.text}"
    pipeline.send(sql.Statement(made, statement.parameters), params)
    pipeline.send(sql.Statement("ANALYZE found_conflicts"))


def _ask(pipeline: db.Pipeline, name: str, params: Mapping[str, Any]) -> psycopg.RawCursor[dict[str, Any]]:
    """One of the statements of a question, about what is stored nowhere."""
    return pipeline.send(
        sql.statement(PACKAGE, name, everything="false"), params, prepare=True, rows=dict_row
    )


def _send(
    pipeline: db.Pipeline,
    subject: Subject,
    name: str,
    params: Mapping[str, Any],
    into: tuple[str, Sequence[str]] | None = None,
) -> psycopg.RawCursor[Any]:
    """One of the statements of a run that stores."""
    statement = _statement(subject, name)
    return pipeline.send(statement.into(*into) if into else statement, params, prepare=subject.few)


def _statement(subject: Subject, name: str) -> sql.Statement:
    """A statement of a run that stores, with the constants of that run."""
    return sql.statement(PACKAGE, name, what_if="NULL", everything="true" if subject.everything else "false")


def params_of(subject: Subject, today: date, parameters: Parameters, city: City) -> dict[str, Any]:
    """What the statements of a run take."""
    return {
        **asdict(parameters),
        **subject.params(),
        "today": today,
        "what_if": None,
        "access_functions": list(ACCESS_FUNCTIONS),
        "emergency_functions": list(EMERGENCY_FUNCTIONS),
        "layers_after": list(city.layers.after_footpath),
        "layers_closing": list(city.layers.closing),
        **city.material_patterns(),
    }


def _plain(value: Any) -> Any:
    """A column as JSON holds it; geometries come as hex EWKB already."""
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value
