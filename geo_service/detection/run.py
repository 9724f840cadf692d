"""Run the detection: for everything, for what changed, or for what somebody asks about. One query serves all three."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal
from uuid import UUID

import sqlalchemy as sa
import uuid_utils.compat
from shapely import set_srid, to_wkb
from shapely.geometry.base import BaseGeometry

from geo_service import sql
from geo_service.detection import digs
from geo_service.domain.buildings import ACCESS_FUNCTIONS, EMERGENCY_FUNCTIONS
from geo_service.domain.crs import STORAGE
from geo_service.domain.parameters import Parameters
from geo_service.domain.repairs import Scope
from geo_service.store import rules
from geo_service.store.listing import Row
from geo_service.store.tables.findings import CLAIM_COLUMNS

PACKAGE = "geo_service.detection"

FOUND_COLUMNS = (
    "rule_id", "rule_version", "shadow", "opportunity", "departments", "severity", "blocking", "a_kind", "a_origin_id", "b_kind",
    "b_origin_id", "a", "b", "works_ids", "repair_id", "building_id", "street_id", "over_on", "facts", "geom",
)  # fmt: skip

EventKind = Literal["opened", "reopened", "changed", "expired", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose claims are looked at anew: some works, repairs, buildings and streets, or everything."""

    works_ids: Sequence[UUID] = ()
    repair_ids: Sequence[UUID] = ()
    building_ids: Sequence[UUID] = ()
    street_ids: Sequence[UUID] = ()
    everything: bool = False

    def params(self) -> dict[str, Any]:
        """As the SQL files take it."""
        return {
            "everything": self.everything,
            "works_ids": list(self.works_ids),
            "repair_ids": list(self.repair_ids),
            "building_ids": list(self.building_ids),
            "street_ids": list(self.street_ids),
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
class AskedRepair:
    """A repair that is only asked about. `geometry` in the storage CRS; no days means: today."""

    geometry: BaseGeometry
    scope: Scope
    owner_group: str
    starts_on: date | None = None
    ends_on: date | None = None
    stored: bool = False  # whether `id` is that of a repair in the store
    id: UUID = field(default_factory=uuid_utils.compat.uuid7)


def refresh(
    conn: sa.Connection, subject: Subject, today: date, parameters: Parameters | None = None
) -> list[ConflictEvent]:
    """Bring claims and conflicts of `subject` up to date and tell what changed.

    The caller holds the writers' lock (`store.locks`) and commits this together with the facts that changed; it may have
    loaded the `parameters` already.
    """
    parameters = parameters or rules.load_parameters(conn)
    conn.exec_driver_sql(sql.raw(PACKAGE, "scratch"))
    subject = replace(
        subject, works_ids=digs.merge(conn, subject.works_ids, parameters, everything=subject.everything)
    )
    _store_claims(conn, subject, today, parameters)
    if subject.works_ids and not subject.everything:
        met = conn.scalars(sql.load(PACKAGE, "streets_met"), {"works_ids": list(subject.works_ids)})
        subject = replace(subject, street_ids=sorted({*subject.street_ids, *met}))
    find(conn, subject, today, parameters)
    opened = conn.execute(sql.load(PACKAGE, "conflicts_open"))
    events = [ConflictEvent(*row) for row in opened]
    closed = conn.execute(sql.load(PACKAGE, "conflicts_close"), {**subject.params(), "today": today})
    return events + [ConflictEvent(*row) for row in closed]


def what_if(
    conn: sa.Connection, repair: AskedRepair, today: date, parameters: Parameters | None = None
) -> list[Row]:
    """The conflicts that `repair` would have, in the columns of `FOUND_COLUMNS`; nothing is stored.

    If `repair.id` is that of a stored repair, its own claims are left out.
    """
    asked = {
        "id": str(repair.id),
        "scope": repair.scope,
        "status": "scheduled" if repair.starts_on else "requested",
        "starts": repair.starts_on and repair.starts_on.isoformat(),
        "ends": repair.ends_on and repair.ends_on.isoformat(),
        "owner_group_id": repair.owner_group,
        "geom": to_wkb(set_srid(repair.geometry, STORAGE), hex=True, include_srid=True),
    }
    run = {**asdict(parameters or rules.load_parameters(conn)), **Subject().params(), "today": today}
    asking = {**run, "repair_ids": None, "what_if": json.dumps([asked])}
    fresh = conn.execute(sql.load(PACKAGE, "claims_repairs"), asking).mappings()
    claimed = [{name: _plain(value) for name, value in row.items()} for row in fresh]
    found = conn.execute(sql.load(PACKAGE, "detect"), {**run, "what_if": json.dumps(claimed)})
    return list(found.mappings())


def _store_claims(conn: sa.Connection, subject: Subject, today: date, parameters: Parameters) -> None:
    """Write the claims of `subject` as they should be now to the scratch table, and make the stored ones equal to them."""
    fresh = sa.table("fresh_claims", *(sa.column(name) for name in CLAIM_COLUMNS))
    params = {
        **asdict(parameters),
        "today": today,
        "what_if": None,
        "access_functions": list(ACCESS_FUNCTIONS),
        "emergency_functions": list(EMERGENCY_FUNCTIONS),
    }
    for name, ids in (
        ("claims_works", {"works_ids": subject.works_ids}),
        ("claims_repairs", {"repair_ids": subject.repair_ids}),
        ("claims_buildings", {"building_ids": subject.building_ids}),
        ("claims_streets", {"street_ids": subject.street_ids}),
    ):
        wanted = {key: None if subject.everything else list(value) for key, value in ids.items()}
        if subject.everything or any(wanted.values()):
            select = sql.load(PACKAGE, name).columns(*(sa.column(column) for column in CLAIM_COLUMNS))
            conn.execute(sa.insert(fresh).from_select(CLAIM_COLUMNS, select), {**params, **wanted})
    conn.execute(sql.load(PACKAGE, "claims_store"), subject.params())
    if subject.everything:
        conn.execute(sa.text("ANALYZE claims"))


def find(conn: sa.Connection, subject: Subject, today: date, parameters: Parameters | None = None) -> None:
    """Write the pairs that the rules find around `subject` to the scratch table (`scratch.sql`)."""
    found = sa.table("found_conflicts", *(sa.column(name) for name in FOUND_COLUMNS))
    select = sql.load(PACKAGE, "detect").columns(*(sa.column(name) for name in FOUND_COLUMNS))
    conn.execute(
        sa.insert(found).from_select(FOUND_COLUMNS, select),
        {
            **asdict(parameters or rules.load_parameters(conn)),
            **subject.params(),
            "today": today,
            "what_if": None,
        },
    )
    if subject.everything:
        conn.execute(sa.text("ANALYZE found_conflicts"))


def _plain(value: Any) -> Any:
    """A column as JSON holds it; geometries come as hex EWKB already."""
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, UUID) else value
