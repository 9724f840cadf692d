"""Records under two ids of their publisher, as stored: what is suggested, what people decided, and which ids one record had."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.errors import InvalidTransition, NotFound
from geo_service.domain.renumbering import Pair, RenumberingStatus, Target
from geo_service.store import listing
from geo_service.store.listing import Row
from geo_service.store.tables import organisations, renumberings, repairs, works

SUGGESTED = renumberings.c.status == "suggested"
_FACTS = ("id", "old_id", "new_id", "old_source_id", "new_source_id", "likeness", "starts_moved", "ends_moved")  # fmt: skip


def columns_of(record_id: sa.ColumnElement[UUID]) -> list[sa.Label[Any]]:
    """For a list of works or repairs: `former_ids` by which their source knew them, and the `renumbering` that is suggested, if one is."""
    link = renumberings.c
    former = (
        sa.select(sa.func.array_agg(postgresql.aggregate_order_by(link.old_source_id, link.decided_at)))
        .where(link.old_id == record_id, link.status == "confirmed")
        .scalar_subquery()
    )
    facts: list[Any] = []
    for name in _FACTS:
        facts += [sa.literal_column(f"'{name}'"), link[name]]
    suggested = (
        sa.select(sa.func.jsonb_build_object(*facts, type_=postgresql.JSONB))
        .where(SUGGESTED, sa.or_(link.old_id == record_id, link.new_id == record_id))
        .order_by(link.old_id != record_id)
        .limit(1)
        .scalar_subquery()
    )
    return [former.label("former_ids"), suggested.label("renumbering")]


def suggest(
    conn: sa.Connection, source: str, pairs: Sequence[Pair], instead_of: Iterable[tuple[UUID, UUID]]
) -> None:
    """Keep these suggestions, with their figures as they are now; those about (old, new) in `instead_of` are none any more.

    Once both of a pair claim their ground, they do so until somebody decides: a person may work on one of them.
    """
    dropped = sa.tuple_(renumberings.c.old_id, renumberings.c.new_id).in_(list(instead_of))
    conn.execute(sa.delete(renumberings).where(dropped, SUGGESTED))
    if not pairs:
        return
    rows = [
        {
            **{name: value for name, value in asdict(pair).items() if name != "same"},
            "source": source,
            "silent_id": pair.silent_id,
        }
        for pair in pairs
    ]
    added = insert(renumberings).values(rows)
    news: dict[str, Any] = {name: added.excluded[name] for name in ("likeness", "starts_moved", "ends_moved")}
    both_speak = sa.and_(SUGGESTED, renumberings.c.silent_id.is_(None))
    news["silent_id"] = sa.case((both_speak, sa.null()), else_=added.excluded.silent_id)
    undecided = renumberings.c.status.in_(("suggested", "withdrawn"))
    conn.execute(
        added.on_conflict_do_update(
            index_elements=["old_id", "new_id"], set_={**news, "status": "suggested"}, where=undecided
        )
    )


def find(
    conn: sa.Connection,
    window: listing.Window,
    *,
    status: RenumberingStatus | None = None,
    source: str | None = None,
    target: Target | None = None,
) -> listing.Page:
    """Renumberings in the order in which they were suggested, each with the `owner` and `title` of the record."""
    select = _select()
    for column, value in (
        (renumberings.c.status, status),
        (renumberings.c.source, source),
        (renumberings.c.target, target),
    ):
        if value is not None:
            select = select.where(column == value)
    return listing.page(conn, select, renumberings.c.id, window)


def suggested(
    conn: sa.Connection, *, source: str | None = None, targets: Collection[str] | None = None
) -> list[UUID]:
    """Ids of all suggestions nobody has decided, of one source and of works or repairs alone where they are given, oldest first."""
    select = sa.select(renumberings.c.id).where(SUGGESTED).order_by(renumberings.c.id)
    if source is not None:
        select = select.where(renumberings.c.source == source)
    if targets is not None:
        select = select.where(renumberings.c.target.in_(targets))
    return list(conn.scalars(select))


def get(conn: sa.Connection, ids: Sequence[UUID]) -> list[Row]:
    """These renumberings in the order in which they were suggested. Raises NotFound."""
    rows: list[Row] = list(
        conn.execute(_select().where(renumberings.c.id.in_(ids)).order_by(renumberings.c.id)).mappings()
    )
    if missing := set(ids) - {row["id"] for row in rows}:
        first = str(min(missing))
        raise NotFound("no_renumbering", given=first)
    return rows


def decide(conn: sa.Connection, ids: Sequence[UUID], status: RenumberingStatus, actor: str) -> None:
    """Note what `actor` said of these suggestions."""
    values = {"status": status, "decided_at": sa.func.now(), "decided_by": actor}
    conn.execute(sa.update(renumberings).where(renumberings.c.id.in_(ids)).values(values))


def follow(conn: sa.Connection, ids: Sequence[UUID]) -> None:
    """What is said of a record that was only a new id of another one, suggested or decided, is said of that other one."""
    done, link = renumberings.alias("done"), renumberings.c
    was = sa.and_(
        done.c.id.in_(ids), done.c.new_id == link.old_id, link.status.in_(("suggested", "confirmed"))
    )
    silent = sa.case((link.silent_id == done.c.new_id, done.c.old_id), else_=link.silent_id)
    conn.execute(sa.update(renumberings).where(was).values(old_id=done.c.old_id, silent_id=silent))


def swap_ids(conn: sa.Connection, target: Target, ids: Sequence[UUID]) -> None:
    """The record that lives on takes its new id; the one that came in under it takes the old id, out of every list."""
    table = works if target == "works" else repairs
    link = renumberings.c
    new = sa.and_(link.id.in_(ids), table.c.id == link.new_id)
    gone = {"deleted_at": sa.func.now(), "updated_at": sa.func.now(), "version": table.c.version + 1}
    # by way of a third name, as no two records may have one id at any moment
    for side in ("old", "new"):  # as they are by now: of a chain, another link may have been confirmed before
        now_ = sa.and_(link.id.in_(ids), link[f"{side}_id"] == table.c.id)
        conn.execute(sa.update(renumberings).where(now_).values({f"{side}_source_id": table.c.source_id}))
    aside = sa.func.concat("renumbered ", sa.cast(table.c.id, sa.Text))
    conn.execute(sa.update(table).where(new).values(**gone, source_id=aside))
    old = sa.and_(link.id.in_(ids), table.c.id == link.old_id)
    conn.execute(sa.update(table).where(old).values(source_id=link.new_source_id))
    conn.execute(sa.update(table).where(new).values(source_id=link.old_source_id))


def olds(conn: sa.Connection, source: str) -> set[UUID]:
    """The works and repairs of a source that vanished and are suggested to live on under another id."""
    return set(
        conn.scalars(sa.select(renumberings.c.old_id).where(SUGGESTED, renumberings.c.source == source))
    )


def silent(conn: sa.Connection, record_ids: Collection[UUID]) -> set[UUID]:
    """Those of these works or repairs that claim no ground until somebody has decided whether they are another one."""
    mine = renumberings.c.silent_id.in_(record_ids)
    return (
        set(conn.scalars(sa.select(renumberings.c.silent_id).where(SUGGESTED, mine))) if record_ids else set()
    )


def break_silence(conn: sa.Connection, record_id: UUID) -> list[Row]:
    """Somebody works on one of two records that may be one: both claim their ground. The `target` and `silent_id` of what was silent."""
    spoke = sa.and_(_about(record_id), renumberings.c.silent_id.is_not(None))
    select = sa.select(renumberings.c.target, renumberings.c.silent_id).where(spoke)
    silent_ones: list[Row] = list(conn.execute(select).mappings())
    conn.execute(sa.update(renumberings).where(spoke).values(silent_id=None))
    return silent_ones


def withdraw(conn: sa.Connection, record_id: UUID) -> None:
    """What is suggested about this record is not suggested any more."""
    conn.execute(sa.update(renumberings).where(_about(record_id)).values(status="withdrawn"))


def speaks(record_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Condition on works or repairs: they claim their ground."""
    mine = sa.select(renumberings.c.id).where(SUGGESTED, renumberings.c.silent_id == record_id)
    return sa.not_(mine.exists())


def check_speaks(conn: sa.Connection, record_id: UUID) -> None:
    """Raises InvalidTransition for works or a repair that claim no ground until somebody has decided whether they are another one."""
    pair = (
        conn.execute(sa.select(renumberings).where(SUGGESTED, renumberings.c.silent_id == record_id))
        .mappings()
        .one_or_none()
    )
    if pair is not None:
        other = pair["new_source_id"] if pair["old_id"] == record_id else pair["old_source_id"]
        raise InvalidTransition(
            "probably_renumbered", other=other, source=pair["source"], given=str(pair["id"])
        )


def _about(record_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(SUGGESTED, sa.or_(renumberings.c.old_id == record_id, renumberings.c.new_id == record_id))


def _select() -> sa.Select[Any]:
    owner = sa.func.coalesce(works.c.owner_id, repairs.c.owner_id)
    return (
        sa.select(
            *(column for column in renumberings.c),
            organisations.c.name.label("owner"),
            sa.func.coalesce(works.c.title, repairs.c.description).label("title"),
        )
        .outerjoin(works, works.c.id == renumberings.c.old_id)
        .outerjoin(repairs, repairs.c.id == renumberings.c.old_id)
        .outerjoin(organisations, organisations.c.id == owner)
    )
