"""`geo-service keys …`: API keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
import typer

from geo_service import db
from geo_service.accounts import machines
from geo_service.cli import terminal
from geo_service.domain.roles import ROLES
from geo_service.domain.scopes import EVERYTHING, SCOPES
from geo_service.settings import Settings
from geo_service.store import keys

app = typer.Typer(no_args_is_help=True, help="API keys: create, list, rotate, revoke.")

COLUMNS = ("id", "name", "role", "state", "expires_at", "last_used_at", "scopes", "revoked_at")

KeyId = Annotated[UUID, typer.Argument(help="The id that `keys list` shows")]


@app.command("create")
def create(
    role: Annotated[str, typer.Argument(help=", ".join(ROLES))],
    name: Annotated[str, typer.Option(help="Who or what uses it")],
    owner_group: Annotated[str | None, typer.Option(help="Of a partner: proximus, fluvius …")] = None,
    scope: Annotated[list[str] | None, typer.Option(help=", ".join(SCOPES))] = None,
    days: Annotated[
        int | None,
        typer.Option(
            min=1, max=machines.MOST_DAYS, help="How long it is good for; without it as GEO_KEY_DAYS says"
        ),
    ] = None,
) -> None:
    """Make a key. It is shown once."""
    with _writing() as (conn, config):
        key = machines.create(
            conn,
            keys.CLERK,
            config,
            name=name,
            role=role,
            owner_group=owner_group,
            scopes=scope or [EVERYTHING],
            days=days,
        )
    terminal.out.print(key, soft_wrap=True)


@app.command("list")
def list_(wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """Keys in use and revoked, without the keys themselves, and which ones expire soon."""
    config = terminal.load()
    with db.read(db.create_read_engine_from(config)) as conn:
        now = datetime.now(UTC)
        rows = [{**row, "state": machines.state(row, config, now)} for row in keys.find(conn)]
    translate = terminal.translator(config).text
    shown = [{**row, "state": translate(f"key_state.{row['state']}")} for row in rows]
    terminal.show(rows, as_json, lambda: terminal.rows_table(shown, COLUMNS, wide=wide))
    soon = sum(row["state"] == "expires_soon" for row in rows)
    if soon:
        sentence = translate("said.keys_expire", count=soon, days=config.key_warn_days)
        terminal.tell(sentence, style="yellow", as_json=as_json)


@app.command("rotate")
def rotate(
    key_id: KeyId,
    overlap: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=machines.MOST_OVERLAP_DAYS,
            help="Days that the old key works on; without it as GEO_KEY_OVERLAP_DAYS says",
        ),
    ] = None,
) -> None:
    """Make a key that replaces this one, with the same role and scopes. It is shown once."""
    with _writing() as (conn, config):
        key = machines.rotate(conn, keys.CLERK, config, key_id, overlap)
    terminal.out.print(key, soft_wrap=True)


@app.command("revoke")
def revoke(key_id: KeyId) -> None:
    """End a key now."""
    with _writing() as (conn, _):
        machines.revoke(conn, keys.CLERK, key_id)


@contextmanager
def _writing() -> Iterator[tuple[sa.Connection, Settings]]:
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        yield conn, config
