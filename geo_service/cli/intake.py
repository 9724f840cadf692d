"""`geo-service import`: import works, repairs or base maps."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, NoReturn
from zoneinfo import ZoneInfo

import typer
from rich.console import Group
from rich.table import Table

from geo_service import db
from geo_service import settings as settings_module
from geo_service.cli import assistant, progress, signals, terminal
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator
from geo_service.intake import registry
from geo_service.intake.base_maps import delivery as ground
from geo_service.intake.formats import signature
from geo_service.intake.formats.raw_record import ReadOptions
from geo_service.intake.importer import Report, run_import
from geo_service.intake.mapping.library import load_partial
from geo_service.intake.pipeline.check import check_source
from geo_service.intake.records import Rejection
from geo_service.intake.remarks import sentences
from geo_service.intake.wait_policy import Wait
from geo_service.settings import Settings

MOST_ROWS = 20
"""Rejections on the terminal; `--json` has all of them."""


SourceName = Annotated[
    str,
    typer.Argument(
        help="gipod, gipod-excel, gipod-ldes, open311, works, repairs, grb, osm, buildings, pavements, streets, parcels or addresses"
    ),
]
Origin = Annotated[str | None, typer.Argument(help="FILE or URL; - for standard input")]
Mapping = Annotated[str | None, typer.Option(help="Name or path of a mapping (data/mappings/NAME.toml)")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="The same report; nothing is stored")]
OnlyRead = Annotated[bool, typer.Option("--only-read", help="Which rows can be read; asks no database")]
Save = Annotated[Path | None, typer.Option(help="Where a proposed mapping is written, instead of asking")]
AcceptShrink = Annotated[
    bool,
    typer.Option("--accept-shrink", help="Believe it when far fewer works or shapes are shown than before"),
]
Layer = Annotated[
    str | None, typer.Option(help="Without a mapping: which layer, or which file of an archive")
]
Sheet = Annotated[str | None, typer.Option(help="Without a mapping: which sheet")]
HeaderRow = Annotated[
    int | None, typer.Option(min=1, help="Without a mapping: the row that names the columns")
]


def import_(
    context: typer.Context,
    source: SourceName,
    origin: Origin = None,
    mapping: Mapping = None,
    dry_run: DryRun = False,
    only_read: OnlyRead = False,
    save: Save = None,
    accept_shrink: AcceptShrink = False,
    layer: Layer = None,
    sheet: Sheet = None,
    header_row: HeaderRow = None,
    wide: terminal.Wide = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Take in works or repairs. Every row is counted; a row that is left out has its reason.

    Without a mapping, one is proposed from what the file holds, with its first rows as they would be read; nothing is stored.
    """
    config = terminal.load(log_level="error")
    if origin == "-":
        origin = _file_of_stdin(context)
    read_options = _read_options(mapping, {"layer": layer, "sheet": sheet, "header_row": header_row})
    if source in ("works", "repairs") and origin and read_options is not None:
        assistant.run(source, origin, config, save, as_json, wide=wide, read_options=read_options)
        return
    translator = terminal.translator(config)
    if only_read:
        _answer(_check(source, origin, mapping, config), translator, as_json, dry_run=True, wide=wide)
    with (
        signals.in_good_order(translator, as_json=as_json) as should_stop,
        progress.bar(source, visible=not as_json) as bar,
    ):
        report = run_import(
            db.create_engine_from(config),
            config,
            source,
            origin,
            mapping=mapping,
            dry_run=dry_run,
            accept_shrink=accept_shrink,
            today=lambda: settings_module.today(config),
            progress=bar.move_to,
            stopping=should_stop,
            waits=lambda wait: _waits(source, wait, translator, config, as_json=as_json),
        )
    _answer(report, translator, as_json, dry_run=dry_run, wide=wide)


def _check(source: str, origin: str | None, mapping: str | None, config: Settings) -> Report:
    """The report of what can be read, without a database."""
    if source in ground.NAMES:
        return ground.check_base_maps(source, ground.open_base_maps(source, origin, mapping, config))
    return check_source(registry.open_source(source, origin, mapping, config))


def _file_of_stdin(context: typer.Context) -> str:
    """Store what comes on stdin in a folder that goes away with the command; return the path of the file."""
    folder = context.with_resource(tempfile.TemporaryDirectory())
    start = sys.stdin.buffer.read(signature.XML_HEAD)
    path = Path(folder) / f"stdin{signature.ending_of(start)}"
    with path.open("wb") as file:
        file.write(start)
        shutil.copyfileobj(sys.stdin.buffer, file)
    return str(path)


def _read_options(mapping: str | None, options: dict[str, Any]) -> ReadOptions | None:
    """How the file is built, for a proposal: as the options say, or a mapping that says no more; None where a whole mapping says it."""
    options = {name: value for name, value in options.items() if value is not None}
    partial = ReadOptions() if mapping is None else load_partial(mapping)
    if partial is None and options:
        name = next(iter(options))
        raise InvalidInput.one(name, "only_without_mapping", given=mapping, option=name)
    return None if partial is None else replace(partial, **options)


def _waits(
    source: str, wait: Wait | None, translator: Translator, config: Settings, *, as_json: bool
) -> None:
    """For what it waits; that this is over shows by itself."""
    if wait is None:
        return
    facts: dict[str, object] = {"of": wait.of, "seconds": wait.seconds, "bytes": wait.bytes}
    key = f"import.waits_{wait.what}"
    if wait.what == "turn" and wait.since is not None:
        key = "import.waits_turn_of"
        facts["since"] = f"{wait.since.astimezone(ZoneInfo(config.timezone)):%H:%M}"
        facts["who"] = wait.asked_by or translator.text("import.by_command")
    terminal.tell(f"{source}: {translator.text(key, **facts)}", as_json=as_json)


def _answer(report: Report, translator: Translator, as_json: bool, *, dry_run: bool, wide: bool) -> NoReturn:
    if as_json:
        _write_json(report, translator)
    else:
        terminal.out.print(_report_table(report, translator, dry_run=dry_run, wide=wide))
    for remark in sentences(report.remarks.as_json(), translator):
        terminal.tell(remark, as_json=as_json)
    if report.renumbered:
        terminal.tell(
            translator.text("import.renumbered", count=report.renumbered, source=report.source),
            as_json=as_json,
        )
        for one in report.renumberings[:MOST_ROWS]:
            terminal.tell(
                translator.text("import.renumbered_one", **{**one, "days": one["starts_moved"] or 0}),
                as_json=as_json,
            )
    if report.withheld:
        shrank = translator.text("import.shrank", source=report.source, withheld=report.withheld)
        terminal.tell(shrank, as_json=as_json)
    if report.failure:
        terminal.tell(f"geo-service: {terminal.error_text(report.failure)}", style="red", as_json=as_json)
    doubted = report.rejected or report.withheld or report.failure or report.remarks.cut_off
    raise typer.Exit(terminal.REJECTED if doubted else terminal.DONE)


def _write_json(report: Report, translator: Translator) -> None:
    """The report as one object, its list written row by row: it may be longer than memory."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    sys.stdout.write(f'{encode(report.counts())[:-1]}, "rejections": [')
    for place, one in enumerate(report.rejections):
        sys.stdout.write(f"{', ' if place else ''}{encode(_rejection(one, translator))}")
    sys.stdout.write("]}\n")


def _rejection(one: Rejection, translator: Translator) -> dict[str, Any]:
    """A row that was left out, its reason in the reader's language after its place in the file."""
    message = translator.row_rejection(one.reason, one.message, one.params, one.line)
    return {"row": one.row, "id": one.id, "code": one.code, "field": one.field, "message": message}


def _in_table(one: Rejection, translator: Translator) -> dict[str, Any]:
    """The same with its row as the file counts it, for who looks it up there."""
    why = translator.rejection(one.reason, one.message, one.params)
    return {
        **_rejection(one, translator),
        "row": one.line or one.row,
        "field": translator.field(one.field),
        "message": why,
    }


def _report_table(report: Report, translator: Translator, *, dry_run: bool, wide: bool) -> Group:
    """The counts, and below them the first rows that were left out."""
    seconds = translator.number(report.seconds, 1)
    title = translator.text("import.read", source=report.source, read=report.read, seconds=seconds)
    table = Table(title=f"{title}, {translator.text('import.trial')}" if dry_run else title)
    for name in ("created", "changed", "unchanged", "rejected", "vanished", "conflicts_opened"):
        table.add_column(translator.text(f"column.{name}"))
    counts = (
        report.created,
        report.changed,
        report.unchanged,
        report.rejected,
        report.vanished,
        report.conflicts_opened,
    )
    table.add_row(*(str(count) for count in counts))
    return (
        Group(table, _rejections_table(report, translator, wide=wide)) if report.rejections else Group(table)
    )


def _rejections_table(report: Report, translator: Translator, *, wide: bool) -> Table:
    rows = [_in_table(one, translator) for one in report.rejections.first(MOST_ROWS)]
    table = terminal.rows_table(rows, ("row", "id", "field", "message", "code"), wide=wide)
    table.title = translator.text("import.left_out", shown=len(rows), all=report.rejected)
    return table
