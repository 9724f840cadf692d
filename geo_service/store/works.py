"""Works and their phases, as stored: single works, lists, and what a person changes. Batches come in by `works_batch`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from geo_service import db
from geo_service.domain.errors import VersionMismatch
from geo_service.store import cities, conditions, deletions, listing, owners, visibility
from geo_service.store import renumberings as links
from geo_service.store.tables import organisations as organisations_table
from geo_service.store.tables import owner_groups, phase_digs, phases, renumberings, works

PACKAGE = "geo_service.store"


def get(conn: sa.Connection, works_id: UUID, *, party: str | None = None) -> Mapping[str, Any]:
    """One works with its `phases`. Raises NotFound, also for those that are not for `party` to see, and Deleted."""
    rows = of(conn, [works_id], party=party)
    if not rows:
        raise deletions.absence(conn, works, works_id, party)
    return rows[0]


def of(conn: sa.Connection, works_ids: Sequence[UUID], *, party: str | None = None) -> list[dict[str, Any]]:
    """These works, each with its `phases`, in no order; those that are not there, deleted or not for `party` to see are left out."""
    select = _select(party).where(works.c.id.in_(works_ids))
    return _with_phases(conn, conn.execute(select).mappings().all())


def find_source(conn: sa.Connection, source: str, source_id: str) -> UUID | None:
    """The id of the works that a source knows by `source_id`, or knew by it once; None when there are none."""
    once = sa.and_(
        renumberings.c.source == source,
        renumberings.c.old_source_id == source_id,
        renumberings.c.status == "confirmed",
    )
    named = sa.or_(
        works.c.source_id == source_id, works.c.id.in_(sa.select(renumberings.c.old_id).where(once))
    )
    wanted = sa.and_(works.c.source == source, named, works.c.deleted_at.is_(None))
    works_id: UUID | None = conn.scalar(sa.select(works.c.id).where(wanted))
    return works_id


def find(
    conn: sa.Connection,
    window: listing.Window,
    *,
    active_on: date | None = None,
    owner: str | None = None,
    party: str | None = None,
    status: str | None = None,
    kind: str | None = None,
    source: str | None = None,
    building: UUID | None = None,
    q: str | None = None,
    street: str | None = None,
    conflict: str | None = None,
) -> listing.Page:
    """Works in the order they came in (to the millisecond), each with its `phases`.

    `window`'s box and days, `active_on` and `street` are met by one phase at once. `conflict` is the status of a conflict that they have. `owner` is as in
    `owners`; `party` is the owner group that a partner is confined to; `status` is a certainty; `q` looks in the texts.
    """
    select = _select(party)
    there = [*listing.in_bbox(phases.c.geom, window.bbox), *listing.in_days(phases.c.during, window)]
    if active_on is not None:
        there.append(phases.c.during.contains(sa.literal(active_on)))
    if street is not None:
        there.append(conditions.phases_in_street(street))
    if there:
        select = select.where(works.c.id.in_(sa.select(phases.c.works_id).where(*there)))
    equal = {
        works.c.certainty: status,
        works.c.kind: kind,
        works.c.source: source,
        works.c.building_id: building,
    }
    for column, value in equal.items():
        if value is not None:
            select = select.where(column == value)
    if owner is not None:
        select = select.where(owners.owned_by(works.c.owner_id, owner))
    select = select.where(conditions.works_named(q), conditions.works_in_conflict(conflict))
    page = listing.page(conn, select, works.c.id, window)
    return listing.Page(_with_phases(conn, page.rows), page.next, page.total)


def history(conn: sa.Connection, works_id: UUID) -> Sequence[Mapping[str, Any]]:
    """What was observed of works since they are known, the latest first: `field`, `old_value`, `new_value`, `of_phase`, `observed_on`."""
    return db.fetch(conn, PACKAGE, "works_history", works_id=works_id)


def mark_vanished(conn: sa.Connection, works_ids: Iterable[UUID], *, observed_on: date) -> list[UUID]:
    """Note that their source no longer shows these works; ids of those that were not marked before.

    They are neither cancelled nor released: somebody has to confirm what became of them.
    """
    rows = db.fetch(conn, PACKAGE, "works_vanish", works_ids=list(works_ids), observed_on=observed_on)
    return [row["works_id"] for row in rows]


def delete(conn: sa.Connection, works_id: UUID, version: int | None = None) -> None:
    """Take works out of every list; they stay in the history. With `version`: only if it is still that one.

    Raises NotFound and VersionMismatch. Claims and conflicts are the caller's (`coordination.changes`).
    """
    statement = sa.update(works).where(works.c.id == works_id, works.c.deleted_at.is_(None))
    if version is not None:
        statement = statement.where(works.c.version == version)
    deleted = conn.execute(
        statement.values(deleted_at=sa.func.now(), version=works.c.version + 1, updated_at=sa.func.now())
    )
    if deleted.rowcount == 0:
        now = get(conn, works_id)["version"]
        raise VersionMismatch("works_changed", version=now, id=str(works_id))


def set_statements(conn: sa.Connection, works_id: UUID, statements: Mapping[str, bool | None]) -> None:
    """Store what a person states about works, which no import changes: `exclude_from_dig` (no part of another dig), and `umbrella` (None:
    decided by length and size). Claims and conflicts are the caller's."""
    excluded = (
        {"exclude_from_dig": bool(statements["exclude_from_dig"])} if "exclude_from_dig" in statements else {}
    )
    umbrella = {"umbrella": statements["umbrella"]} if "umbrella" in statements else {}
    conn.execute(
        sa.update(works)
        .where(works.c.id == works_id, works.c.deleted_at.is_(None))
        .values({**excluded, **umbrella, "version": works.c.version + 1, "updated_at": sa.func.now()})
    )


def name_layers(conn: sa.Connection) -> int:
    """Read anew which layer each works opens, after the city's words have changed; how many read otherwise. Claims are the caller's."""
    layers = cities.in_force(conn).layers
    columns = (
        works.c.id,
        works.c.utilities,
        works.c.specification,
        works.c.title,
        works.c.description,
        works.c.reference,
        works.c.layer,
    )
    rows = conn.execute(
        sa.select(*columns, organisations_table.c.name.label("owner")).join(
            organisations_table, organisations_table.c.id == works.c.owner_id
        )
    )
    read = (
        (
            row.id,
            row.layer,
            layers.layer_of(
                row.owner, row.utilities, (*row.specification, row.title, row.description), row.reference
            ),
        )
        for row in rows
    )
    changed = [{"key": key, "read": new} for key, old, new in read if new != old]
    if changed:
        conn.execute(
            sa.update(works).where(works.c.id == sa.bindparam("key")).values(layer=sa.bindparam("read")),
            changed,
        )
    return len(changed)


def _select(party: str | None) -> sa.Select[Any]:
    hidden = ("deleted_at", "owner_id")
    own, mate = phase_digs.alias("own"), phase_digs.alias("mate")
    others = (
        sa.select(sa.func.array_agg(mate.c.works_id.distinct()))
        .where(own.c.works_id == works.c.id, mate.c.dig_id == own.c.dig_id, mate.c.works_id != works.c.id)
        .scalar_subquery()
    )
    return (
        sa.select(
            *(column for column in works.c if column.name not in hidden),
            others.label("dig_with"),
            *links.columns_of(works.c.id),
            organisations_table.c.id.label("owner_id"),
            organisations_table.c.name.label("owner"),
            owner_groups.c.id.label("owner_group"),
            owner_groups.c.name.label("owner_group_name"),
            owner_groups.c.kind.label("owner_kind"),
        )
        .join(organisations_table, organisations_table.c.id == works.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations_table.c.owner_group_id)
        .where(visibility.of_works(party))
    )


def _with_phases(
    conn: sa.Connection, rows: Sequence[sa.RowMapping | Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows with `phases`: id, source_key, geometry (storage CRS), starts_on, ends_on, opens_surface, surfaces, done."""
    select = (
        sa.select(
            phases.c.works_id, phases.c.id, phases.c.source_key, listing.geometry_column(phases.c.geom),
            sa.func.lower(phases.c.during).label("starts_on"), sa.func.upper(phases.c.during).label("ends_on"),
            phases.c.opens_surface, phases.c.surfaces, phases.c.done,
        )
        .where(phases.c.works_id.in_([row["id"] for row in rows]))
        .order_by(phases.c.works_id, sa.func.lower(phases.c.during), phases.c.source_key)
    )  # fmt: skip
    by_works: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for phase in conn.execute(select).mappings():
        fields = dict(phase)
        geometry = listing.read_geometry(fields.pop("geom"))
        by_works[fields.pop("works_id")].append({**fields, "geometry": geometry})
    return [{**row, "phases": by_works[row["id"]]} for row in rows]
