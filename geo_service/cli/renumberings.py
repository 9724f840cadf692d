"""`geo-service renumberings …`: list, confirm and refuse records that came in under new ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
import typer

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.coordination import renumberings
from geo_service.domain.errors import InvalidInput
from geo_service.store import listing, locks
from geo_service.store import renumberings as store
from geo_service.store.listing import Row

app = typer.Typer(no_args_is_help=True, help="Records that a publisher gave new ids: list, confirm, refuse.")

BY = "command line"
AT_ONCE = 1000

Ids = Annotated[list[UUID] | None, typer.Argument(help="As `renumberings list` shows them")]
Source = Annotated[str | None, typer.Option(help="Only what this source renumbered")]
All = Annotated[bool, typer.Option("--all", help="Everything that is suggested")]
Decide = Callable[[sa.Connection, Sequence[UUID], str, date], list[Row]]


@app.command("list")
def list_(source: Source = None, wide: terminal.Wide = False, as_json: terminal.AsJson = False) -> None:
    """What is suggested and nobody has decided, with how alike the ground is and by how many days it moved."""
    with db.read(db.create_read_engine_from(terminal.load())) as conn:
        page = store.find(conn, listing.Window(AT_ONCE), status="suggested", source=source)
    rows = [dict(row) for row in page.rows]
    columns = ("id", "old_source_id", "new_source_id", "starts_moved", "likeness", "owner", "title", "source")
    terminal.show(rows, as_json, lambda: terminal.rows_table(rows, columns, wide=wide))


@app.command("confirm")
def confirm(
    ids: Ids = None, source: Source = None, all_: All = False, as_json: terminal.AsJson = False
) -> None:
    """They are the same: the record that was there lives on under the new id."""
    _decide(renumberings.confirm, "said.renumbered", ids, source, all_, as_json=as_json)


@app.command("refuse")
def refuse(
    ids: Ids = None, source: Source = None, all_: All = False, as_json: terminal.AsJson = False
) -> None:
    """They are two records each, and are not suggested again."""
    _decide(renumberings.refuse, "said.not_renumbered", ids, source, all_, as_json=as_json)


def _decide(
    decide: Decide, key: str, ids: list[UUID] | None, source: str | None, all_: bool, *, as_json: bool
) -> None:
    if sum((bool(ids), source is not None, all_)) != 1:
        raise InvalidInput.one("ids", "which_renumberings")
    config = terminal.load()
    with db.write(db.create_engine_from(config)) as conn:
        locks.claims_writer(conn)
        chosen = list(dict.fromkeys(ids)) if ids else store.suggested(conn, source=source)
        rows: list[dict[str, Any]] = [
            dict(row) for row in decide(conn, chosen, BY, settings_module.today(config))
        ]
    words = terminal.translator(config).text(key, count=len(rows))
    terminal.show(rows, as_json, lambda: words)
