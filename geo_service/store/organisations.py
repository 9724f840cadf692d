"""Organisations and owner groups: one company, many names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service import db
from geo_service.domain.city import OwnerGroup
from geo_service.domain.errors import NotFound
from geo_service.store.tables import organisations, owner_groups, owner_prefixes

PACKAGE = "geo_service.store"

CITY_GROUP = "city"


def slug(name: str, taken: Collection[str] = ()) -> str:
    """`Gemeente Sint-Niklaas` → `gemeente_sint_niklaas`; a name in another script, or one that is the id of a group in `taken`, gets an id
    of its own."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    if not code or code == CITY_GROUP or code in taken:
        return f"owner_{hashlib.sha256(name.lower().encode()).hexdigest()[:12]}"
    return code


def kind_of(name: str) -> str:
    """The kind of an organisation nobody has described yet, from how Flemish authorities write their names; the city itself has a group already."""
    if re.match(r"(stad|gemeente|ville|commune)\b", name.lower()):
        return "road_authority"
    return "other"


def add_groups(conn: sa.Connection, groups: Sequence[OwnerGroup], city: str) -> None:
    """Add these groups, and that of the organisation `city` itself, as far as they are not there yet; what was changed stays."""
    name = re.sub(r"^(stad|gemeente|ville de|commune de|commune d') ?", "", city.lower())
    names = (city.lower(), *(f"{prefix} {name}" for prefix in ("stad", "gemeente", "ville de", "commune de")))
    for group in (*groups, OwnerGroup(CITY_GROUP, city, "city", names)):
        row = {"id": group.id, "name": group.name, "kind": group.kind}
        conn.execute(insert(owner_groups).values(row).on_conflict_do_nothing())
        for prefix in group.prefixes:
            row = {"prefix": prefix, "owner_group_id": group.id}
            conn.execute(insert(owner_prefixes).values(row).on_conflict_do_nothing())


def group_of(conn: sa.Connection, name: str) -> str:
    """The owner group that an organisation of this name belongs to, or would."""
    prefixes = _prefixes(conn)
    return _group(name.strip().lower(), prefixes) or slug(name, {group for _, group in prefixes})


def name_of(conn: sa.Connection, organisation_id: UUID) -> str:
    """The name of an organisation. Raises NotFound."""
    name = conn.scalar(sa.select(organisations.c.name).where(organisations.c.id == organisation_id))
    if name is None:
        raise NotFound("no_organisation", given=str(organisation_id))
    return str(name)


def ensure(conn: sa.Connection, names: set[str]) -> dict[str, UUID]:
    """Ids of the organisations with these names (capitals do not matter), adding those that are new. Each lands in the group with the longest matching
    prefix, or in a group of its own."""
    wanted = {name.strip().lower(): name.strip() for name in names if name.strip()}
    ids = _ids_of(conn, list(wanted))
    missing = {low: name for low, name in wanted.items() if low not in ids}
    if missing:
        prefixes = _prefixes(conn)
        for low, name in missing.items():
            group = _group(low, prefixes)
            if group is None:
                group = slug(name, {one for _, one in prefixes})
                row = {"id": group, "name": name, "kind": kind_of(name)}
                conn.execute(insert(owner_groups).values(row).on_conflict_do_nothing())
            conn.execute(
                insert(organisations).values(name=name, owner_group_id=group).on_conflict_do_nothing()
            )
        ids = _ids_of(conn, list(wanted))
    return {name: ids[name.strip().lower()] for name in names if name.strip()}


def _prefixes(conn: sa.Connection) -> list[tuple[str, str]]:
    """How names begin and of which group they are, the longest first."""
    rows = db.fetch(conn, PACKAGE, "owner_prefixes", prepare=True)
    return sorted(((row["prefix"], row["owner_group_id"]) for row in rows), key=lambda row: -len(row[0]))


def _ids_of(conn: sa.Connection, low_names: Sequence[str]) -> dict[str, UUID]:
    rows = db.fetch(conn, PACKAGE, "organisations_named", prepare=True, names=low_names)
    return {row["low"]: row["id"] for row in rows}


def find(conn: sa.Connection) -> list[sa.RowMapping]:
    """All organisations with their owner group, by name."""
    columns = (
        organisations.c.id,
        organisations.c.name,
        organisations.c.owner_group_id.label("owner_group"),
        owner_groups.c.name.label("owner_group_name"),
        owner_groups.c.kind,
    )
    select = sa.select(*columns).join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
    return list(conn.execute(select.order_by(sa.func.lower(organisations.c.name))).mappings())


def _group(low: str, prefixes: Sequence[tuple[str, str]]) -> str | None:
    """The group of the first prefix (longest first) that `low` begins with, as a whole word."""
    return next((group for prefix, group in prefixes if re.match(re.escape(prefix) + r"\b", low)), None)
