"""`geo-service alerts …`: how much each desk hears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from geo_service import db
from geo_service.alerts import load
from geo_service.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Alerts: how much each desk hears.")


@app.command("load")
def measure(
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days back from now")] = 30,
    wide: terminal.Wide = False,
    as_json: terminal.AsJson = False,
) -> None:
    """How many alerts and cases each desk was told on a day with news, and the share of cases that asks for an action."""
    config = terminal.load()
    end = datetime.now(UTC)
    with db.read(db.create_read_engine_from(config)) as conn:
        loads = load.measure(conn, end - timedelta(days=days), end, config.timezone)
    rows = [summary.row() for summary in load.summaries(loads)]
    terminal.show(rows, as_json, lambda: terminal.rows_table(rows, load.COLUMNS, wide=wide))
