"""An owner as people name it in a filter: the id or the name of an owner group or of an organisation, whatever the capitals and the spaces around it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from geo_service.store import listing
from geo_service.store.tables import conflicts, organisations, owner_groups


def owned_by(organisation_id: sa.ColumnElement[Any], owner: str | None) -> sa.ColumnElement[bool]:
    """Condition that this organisation is the owner, or belongs to its group; None: any."""
    if owner is None:
        return sa.true()
    ids = sa.select(organisations.c.id).join(owner_groups).where(_is(owner)).correlate(None)
    return organisation_id.in_(ids)


def on_either_side(owner: str | None) -> sa.ColumnElement[bool]:
    """Condition that a side of a conflict is of the owner's group; None: any."""
    sides: tuple[Any, ...] = (conflicts.c.a, conflicts.c.b)
    return sa.or_(*(of_group(side["owner_group"].astext, owner) for side in sides))


def of_group(group_id: sa.ColumnElement[Any], owner: str | None) -> sa.ColumnElement[bool]:
    """Condition that this owner group is the owner, or that of the organisation; None: any."""
    return sa.true() if owner is None else group_id.in_(_groups(owner))


def group_ids(conn: sa.Connection, owner: str) -> list[str]:
    """Return the ids of the owner groups that the owner is, or belongs to."""
    return list(conn.scalars(_groups(owner).distinct()))


def exists(conn: sa.Connection, owner: str) -> bool:
    """Whether there is such an owner."""
    return conn.scalar(sa.select(sa.exists(_groups(owner)))) is True


def _groups(owner: str) -> sa.Select[Any]:
    select = sa.select(owner_groups.c.id).outerjoin(organisations).where(_is(owner))
    return select.correlate(None)


def _is(owner: str) -> sa.ColumnElement[bool]:
    id_text = sa.cast(organisations.c.id, sa.Text)
    names = (owner_groups.c.id, owner_groups.c.name, organisations.c.name, id_text)
    return sa.or_(*(listing.same_name(name, owner) for name in names))
