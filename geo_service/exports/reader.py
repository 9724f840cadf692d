"""The door for other programs: views in the schema `gis`, and the role `geo_reader` that reads them and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql as psql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateView

from geo_service import db
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.i18n import Translator
from geo_service.presentation import fields as words
from geo_service.store.collections import COLLECTIONS, Collection

PACKAGE = "geo_service.exports"
SCHEMA, ROLE = "gis", "geo_reader"
GEOMETRY = "geom"


def refresh(conn: sa.Connection, translator: Translator) -> None:
    """Make the views of the published collections, with what their columns mean, where they are not these yet. The role may read them where it
    exists.
    """
    views = [CreateView(_rows(one), one.id, schema=SCHEMA) for one in COLLECTIONS.values()]
    comments = [statement for one in COLLECTIONS.values() for statement in _comments(one, translator)]
    texts = [*(str(view.compile(conn)) for view in views), *(statement.as_string() for statement in comments)]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    if [row["digest"] for row in db.fetch(conn, PACKAGE, "reader_digest")] == [digest]:
        return
    db.execute(conn, PACKAGE, "reader_schema")
    for view in views:
        conn.execute(view)
    about = psql.SQL("COMMENT ON SCHEMA {} IS {}").format(psql.Identifier(SCHEMA), digest)
    for statement in (*comments, about):
        _alter(conn, statement)
    db.execute(conn, PACKAGE, "reader_rights")


def open_(conn: sa.Connection, password: str) -> None:
    """Let `geo_reader` connect with this password; the one before no longer works. Raises DatabaseUnreachable: the account may not make roles."""
    with db.driver_of(conn) as driver:
        secret = driver.pgconn.encrypt_password(
            password.encode(), ROLE.encode()
        ).decode()  # so no log holds it
    try:
        db.execute(conn, PACKAGE, "reader_role")
        _alter(conn, psql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(psql.Identifier(ROLE), secret))
        db.execute(conn, PACKAGE, "reader_rights")
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        raise DatabaseUnreachable(
            "reader_role_refused", error=str(error.orig).strip().splitlines()[0]
        ) from error


def close(conn: sa.Connection) -> None:
    """Let nobody in any more, and end who is; the views stay."""
    db.execute(conn, PACKAGE, "reader_close")


def _rows(collection: Collection) -> sa.Select[Any]:
    """What the city sees of a collection, with its ground as a geometry instead of bytes."""
    plain = [column for column in collection.select.selected_columns if column.name != GEOMETRY]
    ground = sa.type_coerce(collection.geometry, sa.types.NullType()).label(
        GEOMETRY
    )  # as it stands: with index and CRS
    live = [condition(None) for name, condition in collection.filters.items() if name == "status"]
    return collection.select.with_only_columns(*plain, ground).where(collection.visible(None), *live)


def _comments(collection: Collection, translator: Translator) -> Iterator[psql.Composed]:
    for field in collection.fields:
        title = words.title(collection.id, field, translator)
        comment = f"{title}: {words.meaning(collection.id, field, translator)}"
        place = psql.Identifier(SCHEMA, collection.id, field)
        yield psql.SQL("COMMENT ON COLUMN {} IS {}").format(place, comment)


def _alter(conn: sa.Connection, statement: psql.Composed) -> None:
    """Run a statement that takes no parameters, only names and literals."""
    with db.driver_of(conn) as driver:
        driver.execute(statement)
