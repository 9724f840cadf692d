"""`geo-service keys …`: API keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from geo_service import db
from geo_service.cli import terminal
from geo_service.domain.errors import InvalidInput
from geo_service.domain.roles import ROLES
from geo_service.store import keys

app = typer.Typer(no_args_is_help=True, help="API keys: create, list, revoke.")


@app.command("create")
def create(
    role: Annotated[str, typer.Argument(help=", ".join(ROLES))],
    name: Annotated[str, typer.Option(help="Who or what uses it")],
    owner_group: Annotated[str | None, typer.Option(help="Of a partner: proximus, fluvius …")] = None,
) -> None:
    """Make a key. It is shown once."""
    if role not in ROLES:
        raise InvalidInput.one("role", "unknown.role", known=ROLES)
    with db.write(db.create_engine_from(terminal.load())) as conn:
        terminal.out.print(keys.create(conn, name, role, owner_group=owner_group), soft_wrap=True)


@app.command("list")
def list_(wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """Keys in use and revoked, without the keys themselves."""
    with db.read(db.create_read_engine_from(terminal.load())) as conn:
        rows = [dict(row) for row in keys.listed(conn)]
    listed = [{**row, "revoked": row["revoked_at"] is not None} for row in rows]
    terminal.show(
        rows,
        as_json,
        lambda: terminal.rows_table(
            listed, ("id", "name", "role", "revoked", "revoked_at", "expires_at"), wide=wide
        ),
    )


@app.command("revoke")
def revoke(key_id: Annotated[UUID, typer.Argument(help="The id that `keys list` shows")]) -> None:
    """End a key now."""
    with db.write(db.create_engine_from(terminal.load())) as conn:
        if not keys.revoke(conn, key_id):
            raise InvalidInput.one("key_id", "not_found", given=str(key_id))
