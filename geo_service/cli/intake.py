"""`geo-service import`: take in works or repairs."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import terminal
from geo_service.intake.load import Report, run_import


def import_(
    source: Annotated[str, typer.Argument(help="gipod, works or repairs")],
    origin: Annotated[str | None, typer.Argument(help="FILE or URL")] = None,
    mapping: Annotated[
        str | None, typer.Option(help="Name or path of a mapping (data/mappings/NAME.toml)")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="The same report; nothing is stored")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Take in works or repairs. Every row is counted; a row that is left out has its reason."""
    config = terminal.load(log_level="warning")
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=terminal.err, disable=as_json) as progress:
        task = progress.add_task(source, total=None)

        def tell(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        day = settings_module.today(config)
        engine = db.create_engine_from(config)
        report = run_import(
            engine, config, source, origin, mapping=mapping, dry_run=dry_run, today=day, progress=tell
        )
    terminal.show(report.as_json(), as_json, lambda: _report_table(report))
    raise typer.Exit(terminal.REJECTED if report.rejected else terminal.DONE)


def _report_table(report: Report) -> Table:
    table = Table(title=f"{report.source}: {report.read} gelezen in {report.seconds:.1f} s")
    for name in ("created", "changed", "unchanged", "rejected", "vanished", "conflicts_opened"):
        table.add_column(name)
    counts = (
        report.created,
        report.changed,
        report.unchanged,
        report.rejected,
        report.vanished,
        report.conflicts_opened,
    )
    table.add_row(*(str(count) for count in counts))
    for rejection in report.rejections[:20]:
        table.add_section()
        table.add_row(
            f"rij {rejection.row}",
            str(rejection.id),
            rejection.field or "",
            rejection.code,
            rejection.message,
        )
    return table
