"""`geo-service rules …`: what is found, and how it is weighed."""

from __future__ import annotations

import typer

from geo_service import db
from geo_service.cli import terminal
from geo_service.store import rules

app = typer.Typer(no_args_is_help=True, help="The rules in force.")


@app.command("list")
def list_(as_json: terminal.AsJson = False) -> None:
    """The rules in force with their parameters."""
    with db.read(db.create_read_engine_from(terminal.load())) as conn:
        rows = [dict(row) for row in rules.in_force(conn)]
    terminal.show(
        rows,
        as_json,
        lambda: terminal.rows_table(
            rows, ("id", "version", "life", "kinds_a", "kinds_b", "clearance_m", "owners", "blocking")
        ),
    )
